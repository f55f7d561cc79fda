using Firmament.PowerPC;

namespace Firmament.Firmware.Hypercalls;

/// <summary>The registers of one hypercall.</summary>
public readonly struct HypercallCall
{
    private readonly int _firstArgument;
    private readonly int _firstResult;

    internal HypercallCall(IProcessor processor, ServiceDispatcher services, int firstArgument, int firstResult)
    {
        Processor = processor;
        Services = services;
        _firstArgument = firstArgument;
        _firstResult = firstResult;
    }

    /// <summary>The caller.</summary>
    public IProcessor Processor { get; }

    /// <summary>What a guest can ask.</summary>
    public ServiceDispatcher Services { get; }

    /// <summary>Argument <paramref name="index"/>; 32-bit CPUs have 32-bit arguments.</summary>
    public ulong this[int index]
    {
        get
        {
            ulong value = Processor.ReadGpr(_firstArgument + index);
            return Processor.Is64Bit ? value : (uint)value;
        }
    }

    /// <summary>Sets result <paramref name="index"/>, beside the status.</summary>
    public void Return(int index, ulong value) => Processor.WriteGpr(_firstResult + index, value);
}
