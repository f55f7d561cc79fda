namespace Firmament.Core.Backends;

/// <summary>The user named a disk, socket or file that cannot serve. The message is one sentence: the fact and the remedy.</summary>
public sealed class BackendException : Exception
{
    /// <summary>With the sentence to show.</summary>
    public BackendException(string message) : base(message)
    {
    }

    /// <summary>With the sentence to show and what the host said.</summary>
    public BackendException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>With no details; for serializers only.</summary>
    public BackendException() : base("a backend cannot be opened")
    {
    }
}
