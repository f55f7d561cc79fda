using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>A word the firmware brings: its name, its stack effect, its FCode token (-1 for none) and what it does.</summary>
internal sealed record WordRow(string Name, string Effect, WordKind Kind, Op Op, WordBody? Body, int Value, int Token, WordFlags Flags)
{
    /// <summary>Cells it takes: the names before "--".</summary>
    public int Needs
    {
        get
        {
            int needs = 0;
            foreach (string part in Effect.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (part == "--")
                {
                    break;
                }

                needs += part == "..." ? 0 : 1;
            }

            return needs;
        }
    }
}
