using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Forth;

/// <summary>
/// Forth as the rest of the firmware sees it. Nothing is made, and no guest memory claimed, before it is first used.
/// </summary>
public sealed class ForthSystem : IForthSystem
{
    private readonly OpenFirmware _firmware;
    private ForthEngine? _engine;
    private bool _transferred;

    /// <summary>Makes the Forth of a firmware.</summary>
    public ForthSystem(OpenFirmware firmware) => _firmware = firmware;

    /// <summary>The data space; empty before first use.</summary>
    internal MemoryRange OwnMemory => _engine?.Memory.Block ?? default;

    /// <summary>The virtual machine.</summary>
    internal ForthEngine Engine => _engine ??= new ForthEngine(_firmware);

    /// <inheritdoc/>
    public int Interpret(ReadOnlySpan<byte> text, GuestAddressSpace space, DataStack stack)
    {
        ForthEngine forth = Engine;
        if (!forth.TryBegin(out Activation saved, space, forth.Self, _firmware.Options.ForthSteps, mayBlock: false, out int error))
        {
            return error;
        }

        PushAll(forth, stack);
        forth.Input.PushCopy(text, -1);
        forth.StartAt(forth.InterpretCode);
        int result = Finish(forth, stack);
        uint self = forth.Self;
        End(forth, saved);
        if (forth.Nesting == 0)
        {
            // `my-self` stays from one text to the next, as it does at the prompt.
            forth.Self = self;
        }

        return result;
    }

    /// <inheritdoc/>
    public bool HasMethod(DeviceNode node, ReadOnlySpan<byte> method) =>
        _engine is { Devices.HasMethods: true } forth && forth.Devices.FindMethod(node, method) >= 0;

    /// <inheritdoc/>
    public int CallMethod(Instance instance, ReadOnlySpan<byte> method, GuestAddressSpace space, DataStack stack)
    {
        if (_engine is not { } forth || forth.Devices.FindMethod(instance.Node, method) is not (>= 0 and int word))
        {
            return CatchResult.UnsupportedOperation;
        }

        if (!forth.TryBegin(out Activation saved, space, instance.Ihandle, _firmware.Options.ForthSteps, mayBlock: false, out int error))
        {
            return error;
        }

        PushAll(forth, stack);
        forth.StartWith(word);
        int result = Finish(forth, stack);
        End(forth, saved);
        forth.TraceCall(instance, method, result);
        return result;
    }

    /// <inheritdoc/>
    public void Forget(Instance instance) => _engine?.Devices.Forget(instance);

    /// <inheritdoc/>
    public bool TakeControlTransfer()
    {
        bool transferred = _transferred;
        _transferred = false;
        return transferred;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        bool used = _engine != null;
        state.Field("used", ref used);
        if (state.IsLoading)
        {
            _engine = used ? new ForthEngine(_firmware) : null;
        }

        _engine?.Visit(state);
    }

    private static void PushAll(ForthEngine forth, DataStack stack)
    {
        Span<uint> cells = stackalloc uint[DataStack.Capacity];
        int count = stack.Depth;
        for (int i = count - 1; i >= 0; i--)
        {
            cells[i] = stack.Pop();
        }

        for (int i = 0; i < count; i++)
        {
            forth.Push(cells[i]);
        }
    }

    /// <summary>Goes back to the run around it, which ends too when a client has the processor.</summary>
    private void End(ForthEngine forth, in Activation saved)
    {
        forth.End(saved);
        if (_transferred && forth.Nesting > 0)
        {
            forth.Leave();
        }
    }

    private int Finish(ForthEngine forth, DataStack stack)
    {
        int result = forth.RunToEnd(out bool left);
        _transferred |= left;
        stack.Clear();
        forth.PopAll(stack);
        return result;
    }
}
