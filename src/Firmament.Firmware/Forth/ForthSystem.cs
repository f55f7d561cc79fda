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

    /// <summary>Makes the Forth of a firmware.</summary>
    public ForthSystem(OpenFirmware firmware) => _firmware = firmware;

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
        forth.End(saved);
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
        forth.End(saved);
        forth.TraceCall(instance, method, result);
        return result;
    }

    /// <inheritdoc/>
    public int LoadFCode(DeviceNode node, ReadOnlySpan<byte> program)
    {
        const uint Alignment = 16;

        // Describing a card takes thousands of steps; a program without end must not hold up a boot for long.
        const long MostSteps = 10_000_000;
        ForthEngine forth = Engine;
        if (!_firmware.Memory.TryClaimHighest((ulong)program.Length, Alignment, out ulong address))
        {
            return CatchResult.Abort;
        }

        Instance? self = CreateChain(node);
        int result = CatchResult.Abort;
        if (self != null && _firmware.Physical.TryWrite(address, program)
            && forth.TryBegin(out Activation saved, _firmware.Physical, self.Ihandle, Math.Min(_firmware.Options.ForthSteps, MostSteps), mayBlock: false, out result))
        {
            DataStack stack = new();
            forth.Devices.Activate(node);
            forth.Push((uint)address);
            forth.Push(1u);
            forth.StartWith(forth.Dictionary.FindIn(ForthDictionary.ForthWordlist, "byte-load"u8));
            result = Finish(forth, stack);
            forth.Devices.End();
            forth.End(saved);
        }

        for (Instance? instance = self; instance != null; instance = instance.Parent)
        {
            Forget(instance);
            _firmware.Instances.Remove(instance);
        }

        _ = _firmware.Memory.TryRelease(address, (ulong)program.Length);
        return result;
    }

    /// <inheritdoc/>
    public void Forget(Instance instance) => _engine?.Devices.Forget(instance);

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

    /// <summary>Instances of a node and of its parents, without their `open`: a program that is probed finds `my-parent` there (IEEE 1275-1994 3.6.1).</summary>
    private Instance? CreateChain(DeviceNode node)
    {
        Instance? parent = node.Parent is { } above ? CreateChain(above) : null;
        return _firmware.Instances.Create(node, _firmware.PackageOf(node), parent, null);
    }

    private int Finish(ForthEngine forth, DataStack stack)
    {
        int result = forth.RunToEnd();
        stack.Clear();
        forth.PopAll(stack);
        return result;
    }
}
