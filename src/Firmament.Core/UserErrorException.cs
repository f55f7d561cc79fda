namespace Firmament.Core;

/// <summary>
/// The user asked for something impossible. The message is one sentence with the fact and the remedy, ready for standard error;
/// the command line prints it and exits 1.
/// </summary>
public sealed class UserErrorException : Exception
{
    /// <summary>Makes the error from a sentence that states the fact and the remedy.</summary>
    public UserErrorException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the error from a sentence and the host error behind it.</summary>
    public UserErrorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
