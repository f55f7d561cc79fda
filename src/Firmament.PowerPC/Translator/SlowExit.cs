using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Code out of line that calls an instruction's handler.</summary>
/// <param name="Index">Index of the instruction in its page.</param>
/// <param name="Entry">Where the code begins.</param>
/// <param name="Return">Behind the instruction.</param>
/// <param name="Leaves">Nothing behind the instruction may run as it was translated.</param>
internal readonly record struct SlowExit(int Index, CodeLabel Entry, CodeLabel Return, bool Leaves);
