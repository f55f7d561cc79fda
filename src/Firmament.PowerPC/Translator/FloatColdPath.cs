using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>What an arithmetic instruction has out of line.</summary>
/// <param name="Form">The instruction.</param>
/// <param name="Range">Comes here when the result is not safely normal.</param>
/// <param name="InRange">Goes on here when it is an exact zero.</param>
/// <param name="Status">Comes here when FPSCR is not as hoped; its controls and XX are in rax.</param>
/// <param name="Commit">Goes on here when it does not matter.</param>
/// <param name="Slow">Else the handler is called.</param>
internal readonly record struct FloatColdPath(FloatForm Form, CodeLabel Range, CodeLabel InRange, CodeLabel Status, CodeLabel Commit, CodeLabel Slow);
