namespace Firmament.Devices.Input;

/// <summary>A key of a 104/105-key PC keyboard, by its place on a US layout. Values are usages of the USB HID keyboard page (0x07).</summary>
public enum PcKey
{
    /// <summary>No key.</summary>
    None = 0,

    /// <summary>A.</summary>
    A = 0x04,

    /// <summary>B.</summary>
    B = 0x05,

    /// <summary>C.</summary>
    C = 0x06,

    /// <summary>D.</summary>
    D = 0x07,

    /// <summary>E.</summary>
    E = 0x08,

    /// <summary>F.</summary>
    F = 0x09,

    /// <summary>G.</summary>
    G = 0x0a,

    /// <summary>H.</summary>
    H = 0x0b,

    /// <summary>I.</summary>
    I = 0x0c,

    /// <summary>J.</summary>
    J = 0x0d,

    /// <summary>K.</summary>
    K = 0x0e,

    /// <summary>L.</summary>
    L = 0x0f,

    /// <summary>M.</summary>
    M = 0x10,

    /// <summary>N.</summary>
    N = 0x11,

    /// <summary>O.</summary>
    O = 0x12,

    /// <summary>P.</summary>
    P = 0x13,

    /// <summary>Q.</summary>
    Q = 0x14,

    /// <summary>R.</summary>
    R = 0x15,

    /// <summary>S.</summary>
    S = 0x16,

    /// <summary>T.</summary>
    T = 0x17,

    /// <summary>U.</summary>
    U = 0x18,

    /// <summary>V.</summary>
    V = 0x19,

    /// <summary>W.</summary>
    W = 0x1a,

    /// <summary>X.</summary>
    X = 0x1b,

    /// <summary>Y.</summary>
    Y = 0x1c,

    /// <summary>Z.</summary>
    Z = 0x1d,

    /// <summary>Digit1.</summary>
    Digit1 = 0x1e,

    /// <summary>Digit2.</summary>
    Digit2 = 0x1f,

    /// <summary>Digit3.</summary>
    Digit3 = 0x20,

    /// <summary>Digit4.</summary>
    Digit4 = 0x21,

    /// <summary>Digit5.</summary>
    Digit5 = 0x22,

    /// <summary>Digit6.</summary>
    Digit6 = 0x23,

    /// <summary>Digit7.</summary>
    Digit7 = 0x24,

    /// <summary>Digit8.</summary>
    Digit8 = 0x25,

    /// <summary>Digit9.</summary>
    Digit9 = 0x26,

    /// <summary>Digit0.</summary>
    Digit0 = 0x27,

    /// <summary>Enter.</summary>
    Enter = 0x28,

    /// <summary>Escape.</summary>
    Escape = 0x29,

    /// <summary>Backspace.</summary>
    Backspace = 0x2a,

    /// <summary>Tab.</summary>
    Tab = 0x2b,

    /// <summary>Space.</summary>
    Space = 0x2c,

    /// <summary>Minus.</summary>
    Minus = 0x2d,

    /// <summary>Equal.</summary>
    Equal = 0x2e,

    /// <summary>LeftBracket.</summary>
    LeftBracket = 0x2f,

    /// <summary>RightBracket.</summary>
    RightBracket = 0x30,

    /// <summary>Backslash.</summary>
    Backslash = 0x31,

    /// <summary>Semicolon.</summary>
    Semicolon = 0x33,

    /// <summary>Apostrophe.</summary>
    Apostrophe = 0x34,

    /// <summary>Grave.</summary>
    Grave = 0x35,

    /// <summary>Comma.</summary>
    Comma = 0x36,

    /// <summary>Period.</summary>
    Period = 0x37,

    /// <summary>Slash.</summary>
    Slash = 0x38,

    /// <summary>CapsLock.</summary>
    CapsLock = 0x39,

    /// <summary>F1.</summary>
    F1 = 0x3a,

    /// <summary>F2.</summary>
    F2 = 0x3b,

    /// <summary>F3.</summary>
    F3 = 0x3c,

    /// <summary>F4.</summary>
    F4 = 0x3d,

    /// <summary>F5.</summary>
    F5 = 0x3e,

    /// <summary>F6.</summary>
    F6 = 0x3f,

    /// <summary>F7.</summary>
    F7 = 0x40,

    /// <summary>F8.</summary>
    F8 = 0x41,

    /// <summary>F9.</summary>
    F9 = 0x42,

    /// <summary>F10.</summary>
    F10 = 0x43,

    /// <summary>F11.</summary>
    F11 = 0x44,

    /// <summary>F12.</summary>
    F12 = 0x45,

    /// <summary>PrintScreen.</summary>
    PrintScreen = 0x46,

    /// <summary>ScrollLock.</summary>
    ScrollLock = 0x47,

    /// <summary>Pause.</summary>
    Pause = 0x48,

    /// <summary>Insert.</summary>
    Insert = 0x49,

    /// <summary>Home.</summary>
    Home = 0x4a,

    /// <summary>PageUp.</summary>
    PageUp = 0x4b,

    /// <summary>Delete.</summary>
    Delete = 0x4c,

    /// <summary>End.</summary>
    End = 0x4d,

    /// <summary>PageDown.</summary>
    PageDown = 0x4e,

    /// <summary>Right.</summary>
    Right = 0x4f,

    /// <summary>Left.</summary>
    Left = 0x50,

    /// <summary>Down.</summary>
    Down = 0x51,

    /// <summary>Up.</summary>
    Up = 0x52,

    /// <summary>NumLock.</summary>
    NumLock = 0x53,

    /// <summary>KeypadSlash.</summary>
    KeypadSlash = 0x54,

    /// <summary>KeypadAsterisk.</summary>
    KeypadAsterisk = 0x55,

    /// <summary>KeypadMinus.</summary>
    KeypadMinus = 0x56,

    /// <summary>KeypadPlus.</summary>
    KeypadPlus = 0x57,

    /// <summary>KeypadEnter.</summary>
    KeypadEnter = 0x58,

    /// <summary>Keypad1.</summary>
    Keypad1 = 0x59,

    /// <summary>Keypad2.</summary>
    Keypad2 = 0x5a,

    /// <summary>Keypad3.</summary>
    Keypad3 = 0x5b,

    /// <summary>Keypad4.</summary>
    Keypad4 = 0x5c,

    /// <summary>Keypad5.</summary>
    Keypad5 = 0x5d,

    /// <summary>Keypad6.</summary>
    Keypad6 = 0x5e,

    /// <summary>Keypad7.</summary>
    Keypad7 = 0x5f,

    /// <summary>Keypad8.</summary>
    Keypad8 = 0x60,

    /// <summary>Keypad9.</summary>
    Keypad9 = 0x61,

    /// <summary>Keypad0.</summary>
    Keypad0 = 0x62,

    /// <summary>KeypadPeriod.</summary>
    KeypadPeriod = 0x63,

    /// <summary>NonUsBackslash.</summary>
    NonUsBackslash = 0x64,

    /// <summary>Menu.</summary>
    Menu = 0x65,

    /// <summary>LeftControl.</summary>
    LeftControl = 0xe0,

    /// <summary>LeftShift.</summary>
    LeftShift = 0xe1,

    /// <summary>LeftAlt.</summary>
    LeftAlt = 0xe2,

    /// <summary>LeftMeta.</summary>
    LeftMeta = 0xe3,

    /// <summary>RightControl.</summary>
    RightControl = 0xe4,

    /// <summary>RightShift.</summary>
    RightShift = 0xe5,

    /// <summary>RightAlt.</summary>
    RightAlt = 0xe6,

    /// <summary>RightMeta.</summary>
    RightMeta = 0xe7,
}
