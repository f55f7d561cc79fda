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
    // Describing a card takes thousands of steps; a program without end must not hold up a boot for long.
    private const long MostStepsOfProbe = 10_000_000;

    private readonly OpenFirmware _firmware;
    private ForthEngine? _engine;

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
        if (result != 0)
        {
            _firmware.Platform.Tracer.GuestError("forth", $"interpret: \"{forth.Culprit}\": {ThrowCode.Describe(result)} ({result})");
        }

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
    public int EvaluateFCode(DeviceNode node, ReadOnlySpan<byte> program)
    {
        ForthEngine forth = Engine;
        GuestAddressSpace space = _firmware.Physical;
        Instance? parent = node.Parent == null ? null : _firmware.Open(_firmware.Tree.Resolve(node.Parent.Path), space);
        if (_firmware.Instances.Create(node, _firmware.PackageOf(node), parent, null) is not { } instance)
        {
            return ThrowCode.TreeFull;
        }

        int result = forth.Memory.TryClaim() ? EvaluateFCode(forth, instance, program, space) : ThrowCode.DictionaryOverflow;
        Forget(instance);
        _firmware.Instances.Remove(instance);
        _firmware.Close(parent, space);
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

    private int EvaluateFCode(ForthEngine forth, Instance instance, ReadOnlySpan<byte> program, GuestAddressSpace space)
    {
        if (!forth.Memory.TryAllocate((uint)program.Length, out uint address))
        {
            return ThrowCode.Allocate;
        }

        _ = forth.Memory.TryWrite(address, program);
        DeviceNode? active = forth.Devices.Active;
        forth.Devices.Activate(instance.Node);
        int result = ThrowCode.NestingTooDeep;
        if (forth.TryBegin(out Activation saved, space, instance.Ihandle, Math.Min(_firmware.Options.ForthSteps, MostStepsOfProbe), mayBlock: false, out _))
        {
            forth.Push(address);
            forth.Push(1);
            forth.StartWith(Words.BuiltinWords.Instance.WordOf("byte-load"));
            result = Finish(forth, new DataStack());
            End(forth, saved);
        }

        forth.Devices.Activate(active);
        _ = forth.Memory.TryFree(address);
        return result;
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
        if (_firmware.ControlTransferred && forth.Nesting > 0)
        {
            forth.Leave();
        }
    }

    private int Finish(ForthEngine forth, DataStack stack)
    {
        int result = forth.RunToEnd();
        stack.Clear();
        forth.PopAll(stack);
        return result;
    }
}
