namespace Firmament.Firmware.Forth.Engine;

/// <summary>What a run inside a run must put back when it ends.</summary>
internal readonly record struct Activation(
    int Ip, int DataFloor, int ReturnFloor, int CatchFloor, int SourceFloor, int Sp, int Rp, int CatchCount, uint Self, long Steps, bool MayBlock,
    GuestAddressSpace Space, RunOutcome Outcome, int Next, long Given);
