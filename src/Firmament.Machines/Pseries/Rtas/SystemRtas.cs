using System.Buffers.Binary;
using System.Text;
using Firmament.Firmware;
using Firmament.Firmware.Rtas;
using Firmament.Machines.Pseries.Tree;

namespace Firmament.Machines.Pseries.Rtas;

/// <summary>RTAS services about the partition as a whole: parameters, its end by panic.</summary>
internal sealed class SystemRtas
{
    private const uint SplparCharacteristics = 20;
    private const uint DiagnosticsRunMode = 42;
    private const uint Uuid = 48;

    // Bytes of a panic message that are read; Linux's own buffer is shorter (LoPAPR 1.1 7.3.9.1).
    private const int LongestMessage = 511;

    private readonly IFirmwarePlatform _platform;
    private readonly PseriesTopology _topology;

    /// <summary>Makes the services.</summary>
    /// <param name="platform">The machine.</param>
    /// <param name="topology">What the machine has.</param>
    public SystemRtas(IFirmwarePlatform platform, PseriesTopology topology)
    {
        _platform = platform;
        _topology = topology;
    }

    /// <summary>ibm,get-system-parameter: parameter, buffer, length; the buffer gets a 16-bit length and as much of the value as fits.</summary>
    public uint GetParameter(CallBlock call) => call[0] switch
    {
        SplparCharacteristics => Store(call, Encoding.ASCII.GetBytes(Characteristics() + "\0")),
        DiagnosticsRunMode => Store(call, [0]),
        Uuid => Store(call, _topology.Uuid == null ? [] : Convert.FromHexString(_topology.Uuid.Replace("-", "", StringComparison.Ordinal))),
        _ => RtasStatus.ParameterError,
    };

    /// <summary>ibm,set-system-parameter: parameter, buffer. None can be set.</summary>
    public static uint SetParameter(CallBlock call) =>
        call[0] is SplparCharacteristics or DiagnosticsRunMode or Uuid ? RtasStatus.NotAuthorized : RtasStatus.ParameterError;

    /// <summary>ibm,os-term: address of a message. The run ends unless the user wants panics ignored; then the guest goes on.</summary>
    public uint Terminate(CallBlock call)
    {
        byte[] buffer = new byte[LongestMessage];
        if (!call.Space.TryReadString(call[0], buffer, out ReadOnlySpan<byte> text) && call.Space.TryRead(call[0], buffer))
        {
            text = buffer;
        }

        _platform.Request(PlatformRequest.Panic, Encoding.Latin1.GetString(text));
        return RtasStatus.Success;
    }

    private string Characteristics() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"MaxEntCap={_topology.MostCpus},DesMem={_topology.MemoryBytes >> 20},DesProcs={_topology.Cpus},MaxPlatProcs={_topology.MostCpus}");

    private static uint Store(CallBlock call, ReadOnlySpan<byte> value)
    {
        (uint buffer, uint length) = (call[1], call[2]);
        if (length < 2)
        {
            return RtasStatus.SystemParameterError;
        }

        byte[] bytes = new byte[2 + (int)Math.Min(length - 2, (uint)value.Length)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value.Length);
        value[..(bytes.Length - 2)].CopyTo(bytes.AsSpan(2));
        return call.Space.TryWrite(buffer, bytes) ? RtasStatus.Success : RtasStatus.SystemParameterError;
    }
}
