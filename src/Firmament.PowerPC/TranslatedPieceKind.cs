namespace Firmament.PowerPC;

/// <summary>What a piece of translated code is.</summary>
public enum TranslatedPieceKind
{
    /// <summary>The start of a run: it is charged against the budget.</summary>
    Entry,

    /// <summary>One guest instruction.</summary>
    Instruction,

    /// <summary>All that is rarely executed: slow paths, links to other runs.</summary>
    OutOfLine,
}
