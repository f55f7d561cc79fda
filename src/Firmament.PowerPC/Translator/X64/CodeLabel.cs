namespace Firmament.PowerPC.Translator.X64;

/// <summary>A place in code being assembled, by number; made by <see cref="X64Assembler.NewLabel"/>.</summary>
internal readonly record struct CodeLabel(int Number);
