namespace Firmament.Firmware.Forth.Engine;

/// <summary>What executing a word does.</summary>
internal enum WordKind
{
    /// <summary>Runs operation <see cref="ForthWord.Op"/>.</summary>
    Primitive,

    /// <summary>Runs the code at <see cref="ForthWord.Code"/>.</summary>
    Colon,

    /// <summary>Pushes <see cref="ForthWord.Value"/>: constants, and the data address of what `create`, `variable` and `buffer:` made.</summary>
    Constant,

    /// <summary>As <see cref="Constant"/>, and has a body.</summary>
    Created,

    /// <summary>Pushes <see cref="ForthWord.Value"/> and runs the code after `does>`.</summary>
    Does,

    /// <summary>Pushes <see cref="ForthWord.Value"/>, which `to` changes.</summary>
    Value,

    /// <summary>Executes the xt in <see cref="ForthWord.Value"/>, which `to` changes.</summary>
    Defer,

    /// <summary>Adds <see cref="ForthWord.Value"/> to the top of the stack.</summary>
    Field,

    /// <summary>Pushes a system variable's address; <see cref="ForthWord.Value"/> is its offset.</summary>
    UserVariable,

    /// <summary>A value at offset <see cref="ForthWord.Value"/> of the current instance.</summary>
    InstanceValue,

    /// <summary>The address of offset <see cref="ForthWord.Value"/> of the current instance.</summary>
    InstanceVariable,

    /// <summary>Executes the xt at offset <see cref="ForthWord.Value"/> of the current instance.</summary>
    InstanceDefer,

    /// <summary>Calls the method of a package written in C#; <see cref="ForthWord.Owner"/> is the node.</summary>
    HostMethod,

    /// <summary>Is another word: <see cref="ForthWord.Value"/> is its index.</summary>
    Alias,

    /// <summary>Makes the wordlist <see cref="ForthWord.Value"/> the first that is searched.</summary>
    Vocabulary,

    /// <summary>Pushes two cells: <see cref="ForthWord.Extra"/>, then <see cref="ForthWord.Value"/>.</summary>
    TwoConstant,
}
