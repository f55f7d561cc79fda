namespace Firmament.PowerPC;

/// <content>What watches the engine at work.</content>
public sealed partial class Cpu
{
    /// <summary>Sees what the translator makes; null for nobody. CPUs that share an engine share it. Ignored where nothing is translated.</summary>
    public ITranslationWatcher? TranslationWatcher
    {
        get => Translations?.Watcher;
        set
        {
            if (Translations is { } translations)
            {
                translations.Watcher = value;
            }
        }
    }
}
