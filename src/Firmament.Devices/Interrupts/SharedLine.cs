using Firmament.Core.Interrupts;
using Firmament.Core.State;

namespace Firmament.Devices.Interrupts;

/// <summary>A wired OR: the output is high while any source is. Its only state is the sources' levels, which their drivers save.</summary>
/// <param name="output">The wire it drives.</param>
public sealed class SharedLine(InterruptLine output) : IStateful
{
    private readonly List<InterruptLine> _sources = [];

    /// <summary>The level now.</summary>
    public bool Level => output.Level;

    /// <summary>A new source.</summary>
    /// <param name="name">For traces.</param>
    public InterruptLine Connect(string name)
    {
        InterruptLine source = new(name, _ => Update());
        _sources.Add(source);
        return source;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state) => output.VisitLevel(state, "output");

    private void Update()
    {
        bool level = false;
        foreach (InterruptLine source in _sources)
        {
            level |= source.Level;
        }

        output.Set(level);
    }
}
