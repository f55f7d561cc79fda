namespace Firmament.Core.Backends;

/// <summary>Whose a new file is.</summary>
/// <param name="User">User number.</param>
/// <param name="Group">Group number.</param>
public readonly record struct FileOwner(uint User, uint Group);
