using Firmament.PowerPC.Translator.X64;

namespace Firmament.PowerPC.Translator;

/// <summary>Out of line of a conversion to integer: XX is 0, and the lowest bit of rcx says whether the result is inexact.</summary>
/// <param name="Entry">Comes here.</param>
/// <param name="Return">Goes on here.</param>
internal readonly record struct ConversionColdPath(CodeLabel Entry, CodeLabel Return);
