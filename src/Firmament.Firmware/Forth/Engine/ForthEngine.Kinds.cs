namespace Firmament.Firmware.Forth.Engine;

/// <content>Words that the inner interpreter leaves to others.</content>
internal sealed partial class ForthEngine
{
    /// <summary>The words that are neither code nor plain numbers.</summary>
    private void ExecuteKind(ForthWord word)
    {
        switch (word.Kind)
        {
            case WordKind.Does:
                Push(word.Value);
                CallCode(word.Code);
                break;
            case WordKind.Defer:
                ExecuteDeferred(word);
                break;
            case WordKind.Field:
                Push(Pop() + word.Value);
                break;
            case WordKind.UserVariable:
                Output.Publish();
                Push(Memory.VariableAddress(word.Value));
                break;
            case WordKind.TwoConstant:
                Push(word.Extra);
                Push(word.Value);
                break;
            case WordKind.Vocabulary:
                Compiler.SearchFirst(word.Value);
                break;
            case WordKind.HostMethod:
                Devices.CallHostMethod(word);
                break;
            default:
                Devices.ExecuteInstanceWord(word);
                break;
        }
    }

    /// <summary>A deferred word may lead to another, but not in a circle.</summary>
    private void ExecuteDeferred(ForthWord word)
    {
        for (int i = 0; i < 16; i++)
        {
            if (Dictionary.Find(word.Value) is not { Kind: WordKind.Defer } next)
            {
                ExecuteToken(word.Value);
                return;
            }

            word = next;
        }

        Throw(ThrowCode.NestingTooDeep);
    }
}
