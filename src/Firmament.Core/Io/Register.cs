namespace Firmament.Core.Io;

/// <summary>One register of a device: where it is, what it is called, what it holds after reset, and how it is read and written.</summary>
public sealed record Register<TDevice>(
    uint Offset, string Name, Access Access, uint Reset, Func<TDevice, uint>? Read, Action<TDevice, uint>? Write);
