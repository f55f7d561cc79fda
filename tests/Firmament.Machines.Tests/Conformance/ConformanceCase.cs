namespace Firmament.Machines.Tests.Conformance;

/// <summary>One call of the client interface, and what comes of it.</summary>
/// <param name="Name">What the case is about; unique.</param>
/// <param name="Service">The service's name.</param>
/// <param name="Cells">The arguments.</param>
/// <param name="Results">How many result cells.</param>
/// <param name="Expect">r3, then the results, in the language of <see cref="ConformanceExpectation"/>.</param>
/// <param name="Source">Where that is written: a section of IEEE 1275-1994 unless it says otherwise.</param>
internal sealed record ConformanceCase(string Name, string Service, ConformanceCell[] Cells, int Results, string Expect, string Source)
{
    /// <summary>The variable that takes a result.</summary>
    public string? Save { get; init; }

    /// <summary>Which result that is.</summary>
    public int SaveResult { get; init; }

    /// <summary>How many bytes of the buffer to print; the guest fills it with "U" before the call.</summary>
    public int Show { get; init; }

    /// <summary>What those must begin with: "~" is a NUL, "_" a blank, "." what is not printable; "?" matches any.</summary>
    public string? Data { get; init; }

    /// <summary>What the array says of its arguments, if it is not the truth.</summary>
    public uint? ArgumentCount { get; init; }

    /// <summary>What the array says of its results, if it is not the truth.</summary>
    public uint? ResultCount { get; init; }

    /// <summary>Where the name of the service is, if it is not a string of the program's.</summary>
    public uint? ServiceAddress { get; init; }

    /// <summary>Where the array is, if not in its usual place.</summary>
    public uint? ArrayAddress { get; init; }

    /// <summary>True when the array is to be copied there, and its results back.</summary>
    public bool CopyArray { get; init; }

    /// <summary>A string to store before the call, and its place.</summary>
    public (string Text, uint Address)? Poke { get; init; }

    /// <summary>True when others need what it does, so that it is never left out of its group.</summary>
    public bool IsPrepared => Save != null || Array.Exists(Cells, static cell => cell.IsAddress);
}
