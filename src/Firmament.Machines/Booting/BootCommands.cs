using System.Text;
using Firmament.Core;
using Firmament.Core.Memory;
using Firmament.Core.State;
using Firmament.Firmware;
using Firmament.Firmware.Booting;
using Firmament.Firmware.Nvram;
using Firmament.Firmware.Packages;
using Firmament.Machines.Loading;
using Firmament.PowerPC;

namespace Firmament.Machines.Booting;

/// <summary>The commands boot, load and go: finds a program on a device, puts it where it is linked, starts it.</summary>
/// <param name="firmware">The firmware.</param>
/// <param name="machine">The machine's name, for messages.</param>
/// <param name="reserved">What the firmware keeps for itself.</param>
/// <param name="policy">Which programs the machine takes, and where they go.</param>
internal sealed class BootCommands(OpenFirmware firmware, string machine, AddressRange reserved, LoadPolicy policy) : IBootCommands, IStateful
{
    // Boot scripts say `boot`; one that names itself must end.
    private const int MostDepth = 4;

    // Enough for any boot loader; kernels with a RAM disk inside are larger and find the largest free block.
    private const ulong LeastRoom = 32UL << 20;

    private const uint AlignmentOfImage = 0x1000;

    private int _depth;
    private uint _entry;
    private bool _isLoaded;

    /// <summary>A client that entered the user interface.</summary>
    public ClientContext Context { get; } = new();

    /// <inheritdoc/>
    public int Load(string line)
    {
        _isLoaded = false;
        if (_depth == MostDepth)
        {
            return Fail("boot scripts name each other without end");
        }

        _depth++;
        try
        {
            return LoadFirst(BootLine.Parse(line, firmware.Tree, Variable("boot-device"), Variable("boot-file")));
        }
        finally
        {
            _depth--;
        }
    }

    /// <inheritdoc/>
    public int Go()
    {
        IProcessor processor = firmware.Platform.Processors[0];
        if (Context.IsKept)
        {
            Context.Resume(processor);
        }
        else if (_isLoaded)
        {
            _isLoaded = false;
            firmware.CreateEntryState(_entry).ApplyTo(processor);
        }
        else
        {
            return Fail("no program is loaded");
        }

        firmware.TransferControl();
        return CatchResult.Ok;
    }

    /// <inheritdoc/>
    public int Boot(string line)
    {
        Context.Drop();
        int result = Load(line);

        // A script has booted by itself, or has loaded nothing.
        return result != CatchResult.Ok || firmware.ControlTransferred || !_isLoaded ? result : Go();
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("entry", ref _entry);
        state.Field("loaded", ref _isLoaded);
        state.Component("context", Context);
    }

    private string Variable(string name) => firmware.Variables?.Get(name) ?? "";

    private int LoadFirst(BootLine line)
    {
        int result = CatchResult.Abort;
        foreach (string device in line.Devices)
        {
            result = LoadFrom(device, line.Arguments);
            if (result == CatchResult.Ok)
            {
                return result;
            }
        }

        return line.Devices.Count == 0 ? Fail("boot-device names no device") : result;
    }

    private int LoadFrom(string device, string arguments)
    {
        if (firmware.Tree.Resolve(device) is not { Found: true } path)
        {
            return Fail($"there is no device {device}");
        }

        if (firmware.Open(path, firmware.Physical) is not { } instance)
        {
            return Fail($"{device} does not open");
        }

        try
        {
            string file = arguments.Split(' ', 2)[0];
            BootProgram? program = (instance.Package as IBootSource)?.FindProgram(firmware, instance, file.Length == 0 ? null : file);
            if (program == null)
            {
                return Fail($"{device} holds nothing to boot");
            }

            if (file.Length != 0 && program.DeviceArguments.EndsWith("," + file, StringComparison.Ordinal) && !device.EndsWith(file, StringComparison.Ordinal))
            {
                arguments = arguments[file.Length..].TrimStart(' ');
            }

            string place = instance.Node.Path + (program.DeviceArguments.Length == 0 ? "" : ":" + program.DeviceArguments);
            Say($"Booting {place} {arguments}".TrimEnd());
            return Read(program) is { } image ? Take(image, program.IsScript, place, arguments) : Fail($"{place} cannot be read, or is larger than memory");
        }
        finally
        {
            firmware.Close(instance, firmware.Physical);
        }
    }

    /// <summary>Reads a program by way of guest memory, where devices put it.</summary>
    private byte[]? Read(BootProgram program)
    {
        MemoryRange largest = firmware.Memory.Free.MaxBy(static range => range.Size);
        _ = ConfigurationVariable.TryParseNumber(Variable("load-base"), out uint wish);
        ulong wanted = program.Length >= 0 ? (ulong)program.Length : LeastRoom;
        ulong start = firmware.Memory.IsFree(wish, Math.Max(wanted, LeastRoom)) ? wish : (largest.Start + AlignmentOfImage - 1) & ~(ulong)(AlignmentOfImage - 1);
        ulong end = firmware.Memory.Free.FirstOrDefault(range => range.Start <= start && start < range.End).End;
        long size = start < end ? program.Load(firmware.Physical, start, (long)(end - start)) : -1;
        if (size < 0)
        {
            return null;
        }

        byte[] image = new byte[size];
        return firmware.Platform.Ram.TryRead(new PhysicalAddress(start), image) ? image : null;
    }

    private int Take(byte[] image, bool isScript, string place, string arguments)
    {
        SetBootPath(place, arguments);
        if (isScript || image.AsSpan().StartsWith("\\ "u8))
        {
            return firmware.Forth?.Interpret(image, firmware.Physical, new DataStack()) ?? CatchResult.UnsupportedOperation;
        }

        try
        {
            BootImage loaded = new BootLoader(machine, firmware.Platform.Ram, reserved, policy).Load(place, image, null, default);
            foreach (AddressRange range in loaded.Occupied)
            {
                _ = firmware.Memory.TryClaim(range.Start, range.Length);
            }

            _entry = (uint)loaded.EntryPoint;
            _isLoaded = true;
            return CatchResult.Ok;
        }
        catch (UserErrorException error)
        {
            return Fail(error.Message.TrimEnd('.'));
        }
    }

    private void SetBootPath(string place, string arguments)
    {
        (firmware.Tree.Root.Child("chosen") ?? firmware.Tree.Root.AddChild("chosen")).SetString("bootpath", place);
        if (!firmware.SetBootArguments(arguments))
        {
            Say("The arguments are too long and were cut.");
        }
    }

    private int Fail(string message)
    {
        firmware.Platform.Tracer.GuestError("boot", message);
        Say(char.ToUpperInvariant(message[0]) + message[1..] + ".");
        return CatchResult.Abort;
    }

    private void Say(string line) => firmware.Platform.Console.Write(Encoding.UTF8.GetBytes(line + "\r\n"));
}
