using Firmament.Cli.Terminal;
using Firmament.Core;

namespace Firmament.Cli.Characters;

/// <summary>Writes to a file, replacing or extending it. Names of the process's own output and error share those, in order.</summary>
internal sealed class FileCharacter : HostCharacter
{
    private readonly string _path;
    private readonly bool _append;
    private readonly IStandardStreams _streams;
    private FileStream? _file;
    private bool _failed;

    public FileCharacter(string id, string path, bool append, IStandardStreams streams)
        : base(id)
    {
        _path = path;
        _append = append;
        _streams = streams;
    }

    /// <inheritdoc/>
    public override string Description => $"file:{_path}";

    /// <inheritdoc/>
    public override void Dispose() => _file?.Dispose();

    /// <inheritdoc/>
    protected override void Open()
    {
        if (IsOutput || IsError)
        {
            return;
        }

        try
        {
            _file = new FileStream(_path, _append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{_path}' cannot be written ({e.Message.TrimEnd('.')}); give a writable path.", e);
        }
    }

    /// <inheritdoc/>
    protected override void Send(ReadOnlySpan<byte> bytes)
    {
        if (IsOutput)
        {
            _streams.Write(bytes);
        }
        else if (IsError)
        {
            _streams.WriteError(bytes);
        }
        else if (!_failed)
        {
            try
            {
                _file?.Write(bytes);
            }
            catch (IOException)
            {
                // A full disk loses the log, not the guest.
                _failed = true;
            }
        }
    }

    private bool IsOutput => _path is "/dev/stdout" or "/proc/self/fd/1" or "/dev/fd/1";

    private bool IsError => _path is "/dev/stderr" or "/proc/self/fd/2" or "/dev/fd/2";
}
