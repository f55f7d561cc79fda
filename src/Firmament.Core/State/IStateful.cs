namespace Firmament.Core.State;

/// <summary>A component whose state can be saved, restored, hashed and printed by one method.</summary>
public interface IStateful
{
    /// <summary>Shows every field of the component's state to <paramref name="state"/>, always in the same order.</summary>
    void Visit(StateVisitor state);
}
