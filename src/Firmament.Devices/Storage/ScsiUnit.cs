using System.Buffers.Binary;
using Firmament.Core.State;

namespace Firmament.Devices.Storage;

/// <summary>
/// A SCSI logical unit, whatever transport it sits behind: it decodes a command, then gives or takes its data in whatever parts the
/// transport likes. What all kinds share is here: INQUIRY, REQUEST SENSE, REPORT LUNS, unit attention. Source: SPC-4.
/// </summary>
/// <example><c>unit.Execute(cdb); if (unit.Direction == In) unit.TryReadData(0, buffer); unit.Finish(moved); unit.Status</c></example>
public abstract class ScsiUnit : IStateful
{
    /// <summary>Status: the command ended well.</summary>
    public const byte Good = 0x00;

    /// <summary>Status: it failed; <see cref="Sense"/> says why.</summary>
    public const byte CheckCondition = 0x02;

    /// <summary>Bytes of the longest command descriptor block here.</summary>
    public const int CommandLength = 16;

    /// <summary>Longest reply or parameter list; media data does not pass through it.</summary>
    protected const int BufferLength = 4096;

    private readonly byte[] _buffer = new byte[BufferLength];
    private readonly string _model;
    private readonly string _serial;
    private byte _status;
    private byte _direction;
    private bool _isMedium;
    private long _dataLength;
    private ScsiSense _sense;
    private ScsiSense _attention;

    /// <summary>Makes a unit.</summary>
    /// <param name="model">Product; 16 ASCII characters count.</param>
    /// <param name="serial">Serial number; 20 ASCII characters count.</param>
    protected ScsiUnit(string model, string serial)
    {
        _model = model;
        _serial = serial;
    }

    /// <summary>How the last command ended, or stands.</summary>
    public byte Status => _status;

    /// <summary>Which way data is to be moved.</summary>
    public ScsiDirection Direction => (ScsiDirection)_direction;

    /// <summary>Bytes to move.</summary>
    public long DataLength => _dataLength;

    /// <summary>Why the last command failed.</summary>
    public ScsiSense Sense => _sense;

    /// <summary>The units of this one's target, by number; set when it is attached.</summary>
    internal IReadOnlyList<int> TargetUnits { get; set; } = [0];

    /// <summary>Peripheral device type and qualifier (SPC-4 table 142).</summary>
    protected abstract byte PeripheralType { get; }

    /// <summary>The medium can be taken out.</summary>
    protected virtual bool IsRemovable => false;

    /// <summary>Bytes 2 and 3 of INQUIRY data: the version and the response data format.</summary>
    protected virtual (byte Version, byte Format) InquiryFormat => (5, 2);

    /// <summary>The reply, or the parameter list.</summary>
    protected Span<byte> Buffer => _buffer;

    /// <summary>The serial number.</summary>
    protected string Serial => _serial;

    /// <summary>What the first command is told, until it is.</summary>
    protected ScsiSense Attention { get => _attention; set => _attention = value; }

    /// <summary>Decodes and starts a command. What it needs of data is in <see cref="Direction"/> and <see cref="DataLength"/>.</summary>
    public void Execute(ReadOnlySpan<byte> command)
    {
        Span<byte> block = stackalloc byte[CommandLength];
        block.Clear();
        command[..Math.Min(command.Length, CommandLength)].CopyTo(block);
        byte operation = block[0];
        ScsiSense earlier = _sense;
        End();
        if (_attention.Key != 0 && !IsServedAlways(operation))
        {
            ScsiSense attention = _attention;
            _attention = ScsiSense.None;
            Fail(attention);
            return;
        }

        switch (operation)
        {
            case 0x03:
                RequestSense(earlier, block[4]);
                break;
            case 0x12:
                Inquiry(block);
                break;
            case 0xa0:
                ReportUnits(block);
                break;
            default:
                Run(operation, block);
                break;
        }
    }

    /// <summary>Gives data of the command. False, and the command has failed, when it cannot be read.</summary>
    /// <param name="offset">From the start of the command's data.</param>
    /// <param name="destination">As much as lies within <see cref="DataLength"/>.</param>
    public bool TryReadData(long offset, Span<byte> destination)
    {
        if (!_isMedium)
        {
            _buffer.AsSpan((int)offset, destination.Length).CopyTo(destination);
            return true;
        }

        if (TryReadMedium(offset, destination))
        {
            return true;
        }

        Fail(ScsiSense.ReadError);
        return false;
    }

    /// <summary>Takes data of the command. False, and the command has failed, when it cannot be kept.</summary>
    public bool TryWriteData(long offset, ReadOnlySpan<byte> source)
    {
        if (!_isMedium)
        {
            source.CopyTo(_buffer.AsSpan((int)offset));
            return true;
        }

        ScsiSense error = WriteMedium(offset, source);
        if (error.Key != 0)
        {
            Fail(error);
        }

        return error.Key == 0;
    }

    /// <summary>All data has been moved: ends the command.</summary>
    /// <param name="moved">Bytes that were moved.</param>
    public void Finish(long moved)
    {
        if (_status == Good && Direction == ScsiDirection.Out)
        {
            DataTaken(moved);
        }
    }

    /// <summary>The transport could not move the data.</summary>
    public void Abort(ScsiSense why) => Fail(why);

    /// <summary>Power-on and reset of the unit: the next command is told of it.</summary>
    public virtual void Reset()
    {
        End();
        _attention = ScsiSense.ResetOccurred;
    }

    /// <inheritdoc/>
    public virtual void Visit(StateVisitor state)
    {
        state.Bytes("buffer", _buffer);
        state.Field("status", ref _status);
        state.Field("direction", ref _direction);
        state.Field("medium", ref _isMedium);
        state.Field("data-length", ref _dataLength);
        _sense = VisitSense(state, "sense", _sense);
        _attention = VisitSense(state, "attention", _attention);
        if (!_isMedium)
        {
            _dataLength = Math.Clamp(_dataLength, 0, BufferLength);
        }
    }

    /// <summary>A command of the unit's kind.</summary>
    protected abstract void Run(byte operation, ReadOnlySpan<byte> command);

    /// <summary>INQUIRY with a page of vital product data in <see cref="Buffer"/> from byte 4 on; its length, or -1 when there is no such page.</summary>
    protected abstract int WriteVitalPage(byte page);

    /// <summary>Commands that do not report a unit attention: INQUIRY, REPORT LUNS, REQUEST SENSE (SAM-5 5.14).</summary>
    protected virtual bool IsServedAlways(byte operation) => operation is 0x03 or 0x12 or 0xa0;

    /// <summary>Reads what <see cref="StartMedium"/> announced.</summary>
    protected virtual bool TryReadMedium(long offset, Span<byte> destination) => false;

    /// <summary>Writes, or compares with, what <see cref="StartMedium"/> announced.</summary>
    protected virtual ScsiSense WriteMedium(long offset, ReadOnlySpan<byte> source) => ScsiSense.WriteError;

    /// <summary>Data to the unit is complete: a parameter list to act on, or blocks.</summary>
    protected virtual void DataTaken(long length)
    {
    }

    /// <summary>Ends the command with an error.</summary>
    protected void Fail(ScsiSense sense)
    {
        End();
        _status = CheckCondition;
        _sense = sense;
    }

    /// <summary>A cleared reply of the buffer's first bytes.</summary>
    protected Span<byte> NewReply(int length)
    {
        Span<byte> reply = _buffer.AsSpan(0, length);
        reply.Clear();
        return reply;
    }

    /// <summary>Answers with the first bytes of the buffer, at most as many as were asked for.</summary>
    protected void Reply(int length, long allocation)
    {
        _dataLength = Math.Min(length, allocation);
        _direction = (byte)(_dataLength == 0 ? ScsiDirection.None : ScsiDirection.In);
        _isMedium = false;
    }

    /// <summary>Asks for a parameter list.</summary>
    protected void AskForList(long length)
    {
        if (length > BufferLength)
        {
            Fail(ScsiSense.InvalidField);
            return;
        }

        _dataLength = length;
        _direction = (byte)(length == 0 ? ScsiDirection.None : ScsiDirection.Out);
        _isMedium = false;
    }

    /// <summary>Moves data from or to the medium.</summary>
    protected void StartMedium(ScsiDirection direction, long length)
    {
        _dataLength = length;
        _direction = (byte)(length == 0 ? ScsiDirection.None : direction);
        _isMedium = true;
    }

    /// <summary>Ends a transfer from or to the medium early, for example because the medium has gone.</summary>
    protected void StopMedium()
    {
        if (_isMedium)
        {
            _dataLength = 0;
        }
    }

    /// <summary>Stores text, padded with spaces.</summary>
    protected static void PutText(Span<byte> destination, string text)
    {
        destination.Fill((byte)' ');
        for (int i = 0; i < Math.Min(text.Length, destination.Length); i++)
        {
            destination[i] = text[i] is >= ' ' and < (char)0x7f ? (byte)text[i] : (byte)'?';
        }
    }

    /// <summary>Page 0x80: the serial number.</summary>
    protected int WriteSerialPage()
    {
        PutText(_buffer.AsSpan(4, 20), _serial);
        return 20;
    }

    /// <summary>Page 0x83: one designator, vendor, product and serial number (SPC-4 7.8.6).</summary>
    protected int WriteIdentificationPage()
    {
        const int TextLength = 8 + 16 + 20;
        Span<byte> designator = _buffer.AsSpan(4, 4 + TextLength);
        designator[0] = 2; // ASCII
        designator[1] = 1; // T10 vendor ID based, of the logical unit
        designator[3] = TextLength;
        PutText(designator.Slice(4, 8), "FIRMAMNT");
        PutText(designator.Slice(12, 16), _model);
        PutText(designator.Slice(28, 20), _serial);
        return designator.Length;
    }

    private static ScsiSense VisitSense(StateVisitor state, string name, ScsiSense sense)
    {
        (byte key, byte code, byte qualifier) = (sense.Key, sense.Code, sense.Qualifier);
        state.Field(name + "-key", ref key);
        state.Field(name + "-code", ref code);
        state.Field(name + "-qualifier", ref qualifier);
        return new ScsiSense(key, code, qualifier);
    }

    private void End()
    {
        _status = Good;
        _direction = (byte)ScsiDirection.None;
        _dataLength = 0;
        _isMedium = false;
        _sense = ScsiSense.None;
    }

    private void RequestSense(ScsiSense sense, byte allocation)
    {
        if (sense.Key == 0)
        {
            (sense, _attention) = (_attention, ScsiSense.None);
        }

        sense.WriteTo(_buffer);
        Reply(ScsiSense.Length, allocation);
    }

    private void Inquiry(ReadOnlySpan<byte> command)
    {
        const int EnableVitalData = 1;
        int allocation = BinaryPrimitives.ReadUInt16BigEndian(command[3..]);
        NewReply(256)[0] = PeripheralType;
        if ((command[1] & EnableVitalData) != 0)
        {
            int length = WriteVitalPage(command[2]);
            if (length < 0)
            {
                Fail(ScsiSense.InvalidField);
                return;
            }

            _buffer[1] = command[2];
            BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(2), (ushort)length);
            Reply(length + 4, allocation);
            return;
        }

        if (command[2] != 0)
        {
            Fail(ScsiSense.InvalidField);
            return;
        }

        const int Length = 36;
        (_buffer[2], _buffer[3]) = InquiryFormat;
        _buffer[1] = IsRemovable ? (byte)0x80 : (byte)0;
        _buffer[4] = Length - 5;
        _buffer[7] = InquiryFormat.Version != 0 ? (byte)0x02 : (byte)0; // tagged commands
        PutText(_buffer.AsSpan(8, 8), "FIRMAMNT");
        PutText(_buffer.AsSpan(16, 16), _model);
        PutText(_buffer.AsSpan(32, 4), "1.0");
        Reply(Length, allocation);
    }

    private void ReportUnits(ReadOnlySpan<byte> command)
    {
        const int MostReported = (BufferLength - 8) / 8;
        int count = Math.Min(TargetUnits.Count, MostReported);
        Span<byte> reply = NewReply(8 + (8 * count));
        BinaryPrimitives.WriteUInt32BigEndian(reply, (uint)(8 * count));
        for (int i = 0; i < count; i++)
        {
            // SAM-5 4.7.7.2: peripheral addressing up to 255, flat addressing above.
            int unit = TargetUnits[i];
            BinaryPrimitives.WriteUInt16BigEndian(reply[(8 + (8 * i))..], (ushort)(unit < 256 ? unit : 0x4000 | unit));
        }

        Reply(reply.Length, BinaryPrimitives.ReadUInt32BigEndian(command[6..]));
    }
}
