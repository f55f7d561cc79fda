using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>A run's first instruction, where a region can be entered.</summary>
internal struct RegionEntry
{
    /// <summary>Index in the page.</summary>
    public int Index;

    /// <summary>Where its code begins.</summary>
    public CodeLabel Label;
}
