using Firmament.Core.Memory;

namespace Firmament.Devices.Tests.Shared;

/// <summary>A bus with no memory behind it.</summary>
internal sealed class NoMemory : IDmaSpace
{
    public bool TryRead(ulong address, Span<byte> destination) => false;

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => false;
}
