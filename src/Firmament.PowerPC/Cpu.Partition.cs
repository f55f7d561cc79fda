using System.Globalization;
using System.Text;
using Firmament.PowerPC.Exceptions;
using Firmament.PowerPC.Mmu;
using Firmament.PowerPC.State;

namespace Firmament.PowerPC;

/// <content>A 64-bit CPU as its hypervisor sees it. On 32-bit CPUs these do nothing and read as 0.</content>
public sealed unsafe partial class Cpu : IPartitionProcessor
{
    /// <inheritdoc/>
    public PartitionTranslation Translation { get; }

    /// <inheritdoc/>
    public ulong Lpcr
    {
        get => Partition?.Lpcr ?? 0;
        set
        {
            if (Partition is { } partition)
            {
                partition.Lpcr = value;
            }
        }
    }

    /// <summary>Where darn takes its numbers from; null for nowhere. The numbers must be the machine's state: the same in the same run.</summary>
    public Func<ulong>? RandomNumbers { get; init; }

    /// <inheritdoc/>
    public INonMaskableHandlers? NonMaskableHandlers { get; set; }

    /// <inheritdoc/>
    public bool IsStopped => Partition?.IsStopped ?? false;

    /// <inheritdoc/>
    public bool IsCeded => Partition?.IsCeded ?? false;

    /// <summary>Threads of each core; the CPUs of a core have numbers that follow each other.</summary>
    public int ThreadsPerCore { get; init; } = 1;

    /// <summary>This CPU's number within its core.</summary>
    public int Thread => Index % ThreadsPerCore;

    /// <summary>The CPUs of this one's machine, itself among them.</summary>
    internal List<Cpu> Siblings { get; }

    private PartitionFamily? Partition => Family as PartitionFamily;

    /// <inheritdoc/>
    public void Stop() => Partition?.Stop();

    /// <inheritdoc/>
    public void Start(ulong pc, ulong r3) => Partition?.Start(pc, r3);

    /// <inheritdoc/>
    public void Cede() => Partition?.Cede();

    /// <inheritdoc/>
    public void Prod() => Partition?.Prod();

    /// <inheritdoc/>
    public void SystemReset() => Partition?.SystemReset();

    /// <inheritdoc/>
    public ulong ReadSpr(int spr) => Partition?.Registers.Read(spr) ?? 0;

    /// <inheritdoc/>
    public void WriteSpr(int spr, ulong value) => Partition?.Registers.Write(spr, value);

    /// <inheritdoc/>
    public void InvalidateTranslations() => Mmu.Flush();

    private void TranslationChanged()
    {
        Mmu.FlushAll();
        ContextChanged();
    }

    private string StateText64()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"PC {_s->Pc:x16}  MSR {_s->Msr:x16}  LR {_s->Lr:x16}  CTR {_s->Ctr:x16}  CR {_s->GetCr():x8}  XER {_s->GetXer():x8}\n");
        for (int n = 0; n < 32; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"r{n,-2} {_s->Gpr[n]:x16}{(n % 4 == 3 ? "\n" : "  ")}");
        }

        text.Append(CultureInfo.InvariantCulture, $"SRR0 {_s->Spr[SprNumber.Srr0]:x16}  SRR1 {_s->Spr[SprNumber.Srr1]:x16}  DAR {_s->Spr[SprNumber.Dar]:x16}  DSISR {_s->Spr[SprNumber.Dsisr]:x8}\n");
        text.Append(CultureInfo.InvariantCulture, $"LPCR {Lpcr:x16}  PID {_s->Spr[SprNumber.Pid]:x8}  FPSCR {_s->Fpscr:x8}  TB {TimeBase.Read():x16}  DEC {TimeBase.ReadDecrementer():x16}\n");
        return text.ToString();
    }
}
