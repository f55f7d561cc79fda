namespace Firmament.PowerPC;

/// <summary>Sees what the translator makes: a trace of the code, a measurement. On the machine's thread. It must change nothing.</summary>
public interface ITranslationWatcher
{
    /// <summary>It looks at <see cref="TranslatedRegion.Pieces"/>, which are collected for it only then.</summary>
    bool WantsCode => false;

    /// <summary>A region is about to be translated.</summary>
    void Begins()
    {
    }

    /// <summary>A region was translated. Not called when the code memory was full.</summary>
    void Translated(TranslatedRegion region);
}
