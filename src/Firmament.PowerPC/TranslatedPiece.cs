namespace Firmament.PowerPC;

/// <summary>A piece of a region's code; it ends where the next one begins.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Index">The guest instruction's index in its page.</param>
/// <param name="Word">The guest instruction; 0 when it is none.</param>
/// <param name="Offset">Where it begins, in bytes from the region's code.</param>
public readonly record struct TranslatedPiece(TranslatedPieceKind Kind, int Index, uint Word, int Offset);
