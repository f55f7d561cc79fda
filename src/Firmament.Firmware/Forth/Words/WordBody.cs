using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>What a word of the table does. The cells its stack effect takes are there.</summary>
internal delegate void WordBody(ForthEngine forth);
