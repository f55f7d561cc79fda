using System.Buffers.Binary;
using Firmament.Firmware.Forth.Engine;

namespace Firmament.Firmware.Forth.Words;

/// <summary>
/// Memory access and the data space (IEEE 1275-1994 7.3.3.5 to 7.3.3.7, 7.3.4). An address outside RAM throws -9. Any alignment is fine, as on
/// the processor.
/// </summary>
/// <remarks>Not modelled: device registers. `rl@` and its like reach RAM only.</remarks>
internal static class MemoryWords
{
    private const int Chunk = 4096;

    public static void AddTo(WordTable t)
    {
        AddAccess(t);
        AddRegisters(t);
        AddBlocks(t);
        AddDataSpace(t);
    }

    private static void AddAccess(WordTable t)
    {
        t.Add("@", "addr -- x", Op.Fetch, 0x6d);
        t.Add("!", "x addr --", Op.Store, 0x72);
        t.Add("l@", "addr -- quad", Op.Fetch, 0x6e);
        t.Add("l!", "quad addr --", Op.Store, 0x73);
        t.Add("unaligned-l@", "addr -- quad", Op.Fetch);
        t.Add("unaligned-l!", "quad addr --", Op.Store);
        t.Add("c@", "addr -- byte", Op.ByteFetch, 0x71);
        t.Add("c!", "byte addr --", Op.ByteStore, 0x75);
        t.Add("w@", "addr -- w", static f => Fetch16(f, signed: false), 0x6f);
        t.Add("<w@", "addr -- n", static f => Fetch16(f, signed: true), 0x70);
        t.Add("w!", "w addr --", static f => Store16(f), 0x74);
        t.Add("unaligned-w@", "addr -- w", static f => Fetch16(f, signed: false));
        t.Add("unaligned-w!", "w addr --", static f => Store16(f));
        t.Add("+!", "n addr --", static f => PlusStore(f), 0x6c);
        t.Add("on", "addr --", static f => Store(f, f.PopUnsigned(), uint.MaxValue), 0x6a);
        t.Add("off", "addr --", static f => Store(f, f.PopUnsigned(), 0), 0x6b);
        t.Add("2@", "addr -- x1 x2", static f => { uint at = f.PopUnsigned(); f.Push(Fetch(f, at + 4)); f.Push(Fetch(f, at)); }, 0x76);
        t.Add("2!", "x1 x2 addr --", static f => { uint at = f.PopUnsigned(); Store(f, at, f.PopUnsigned()); Store(f, at + 4, f.PopUnsigned()); }, 0x77);
    }

    private static void AddRegisters(WordTable t)
    {
        t.Add("rb@", "addr -- byte", Op.ByteFetch, 0x230);
        t.Add("rb!", "byte addr --", Op.ByteStore, 0x231);
        t.Add("rw@", "addr -- w", static f => Fetch16(f, signed: false), 0x232);
        t.Add("rw!", "w addr --", static f => Store16(f), 0x233);
        t.Add("rl@", "addr -- quad", Op.Fetch, 0x234);
        t.Add("rl!", "quad addr --", Op.Store, 0x235);
        t.Add("cpeek", "addr -- false | byte true", static f => Peek(f, 1), 0x220);
        t.Add("wpeek", "addr -- false | w true", static f => Peek(f, 2), 0x221);
        t.Add("lpeek", "addr -- false | quad true", static f => Peek(f, 4), 0x222);
        t.Add("cpoke", "byte addr -- okay?", static f => Poke(f, 1), 0x223);
        t.Add("wpoke", "w addr -- okay?", static f => Poke(f, 2), 0x224);
        t.Add("lpoke", "quad addr -- okay?", static f => Poke(f, 4), 0x225);
    }

    private static void AddBlocks(WordTable t)
    {
        t.Add("move", "src dest len --", static f => Move(f), 0x78);
        t.Add("cmove", "src dest len --", static f => MoveForward(f));
        t.Add("cmove>", "src dest len --", static f => Move(f));
        t.Add("fill", "addr len byte --", static f => { byte value = (byte)f.Pop(); Fill(f, f.PopUnsigned(), f.PopUnsigned(), value); }, 0x79);
        t.Add("erase", "addr len --", static f => Fill(f, f.PopUnsigned(), f.PopUnsigned(), 0));
        t.Add("blank", "addr len --", static f => Fill(f, f.PopUnsigned(), f.PopUnsigned(), (byte)' '));
        t.Add("comp", "addr1 addr2 len -- n", static f => Compare(f), 0x7a);
        t.Add("wbflips", "addr len --", static f => Flip(f, 2), 0x236);
        t.Add("lbflips", "addr len --", static f => Flip(f, 4), 0x228);
        t.Add("lwflips", "addr len --", static f => FlipWords(f), 0x237);
    }

    private static void AddDataSpace(WordTable t)
    {
        t.Add("here", "-- addr", static f => f.Push(f.Memory.Here), 0xad);
        t.Add("allot", "len --", static f => Allot(f, f.Pop()));
        t.Add("align", "--", static f => Align(f));
        t.Add("unused", "-- u", static f => f.Push(f.Memory.Unused));
        t.Add("pad", "-- addr", static f => f.Push(f.Memory.Pad));
        t.Add("c,", "byte --", static f => Comma(f, 1), 0xd0);
        t.Add("w,", "w --", static f => Comma(f, 2), 0xd1);
        t.Add("l,", "quad --", static f => Comma(f, 4), 0xd2);
        t.Add(",", "x --", static f => Comma(f, 4), 0xd3);
        t.Add("alloc-mem", "len -- addr", static f => Allocate(f), 0x8b);
        t.Add("free-mem", "addr len --", static f => Free(f), 0x8c);
        t.Add("allocate", "u -- addr ior", static f => TryAllocate(f));
        t.Add("free", "addr -- ior", static f => f.Push(f.Memory.TryFree(f.PopUnsigned()) ? 0 : ThrowCode.Free));
    }

    public static void Align(ForthEngine f)
    {
        if (!f.Memory.TryAlign())
        {
            f.Throw(ThrowCode.DictionaryOverflow);
        }
    }

    public static void Allot(ForthEngine f, int bytes)
    {
        if (!f.Memory.TryAllot(bytes))
        {
            f.Throw(ThrowCode.DictionaryOverflow);
        }
    }

    private static uint Fetch(ForthEngine f, uint address)
    {
        if (!f.Memory.TryFetch(address, out uint value))
        {
            f.Throw(ThrowCode.InvalidAddress);
        }

        return value;
    }

    private static void Store(ForthEngine f, uint address, uint value)
    {
        if (!f.Memory.TryStore(address, value))
        {
            f.Throw(ThrowCode.InvalidAddress);
        }
    }

    private static void PlusStore(ForthEngine f)
    {
        uint address = f.PopUnsigned();
        Store(f, address, Fetch(f, address) + f.PopUnsigned());
    }

    private static void Fetch16(ForthEngine f, bool signed)
    {
        if (!f.Memory.TryFetch16(f.PopUnsigned(), out uint value))
        {
            f.Throw(ThrowCode.InvalidAddress);
        }

        f.Push(signed ? (short)value : (int)value);
    }

    private static void Store16(ForthEngine f)
    {
        uint address = f.PopUnsigned();
        if (!f.Memory.TryStore16(address, f.PopUnsigned()))
        {
            f.Throw(ThrowCode.InvalidAddress);
        }
    }

    private static void Peek(ForthEngine f, int size)
    {
        uint address = f.PopUnsigned();
        uint value;
        bool ok = size switch
        {
            1 => f.Memory.TryFetch8(address, out value),
            2 => f.Memory.TryFetch16(address, out value),
            _ => f.Memory.TryFetch(address, out value),
        };
        if (ok)
        {
            f.Push(value);
        }

        f.Push(ok);
    }

    private static void Poke(ForthEngine f, int size)
    {
        uint address = f.PopUnsigned();
        uint value = f.PopUnsigned();
        f.Push(size switch
        {
            1 => f.Memory.TryStore8(address, value),
            2 => f.Memory.TryStore16(address, value),
            _ => f.Memory.TryStore(address, value),
        });
    }

    /// <summary>Overlapping ranges are moved as if through a copy (X3.215 6.1.1900).</summary>
    private static void Move(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        uint target = f.PopUnsigned();
        uint source = f.PopUnsigned();
        Span<byte> bytes = stackalloc byte[Chunk];
        bool backwards = target - source < length;
        f.Charge(length / 16);
        for (uint done = 0; done < length && f.Fault == 0;)
        {
            Span<byte> run = bytes[..(int)Math.Min(length - done, Chunk)];
            uint offset = backwards ? length - done - (uint)run.Length : done;
            if (!f.Memory.TryRead(source + offset, run) || !f.Memory.TryWrite(target + offset, run))
            {
                f.Throw(ThrowCode.InvalidAddress);
            }

            done += (uint)run.Length;
        }
    }

    /// <summary>Byte by byte from the start: overlapping ranges repeat a pattern (X3.215 17.6.1.0910).</summary>
    private static void MoveForward(ForthEngine f)
    {
        uint distance = (uint)f.Peek(1) - (uint)f.Peek(2);
        uint length = (uint)f.Peek(0);
        if (distance >= length)
        {
            Move(f);
            return;
        }

        f.Charge(length);
        (_, uint target, uint source) = (f.Pop(), f.PopUnsigned(), f.PopUnsigned());
        for (uint i = 0; i < length; i++)
        {
            if (!f.Memory.TryFetch8(source + i, out uint value) || !f.Memory.TryStore8(target + i, value))
            {
                f.Throw(ThrowCode.InvalidAddress);
                return;
            }
        }
    }

    private static void Fill(ForthEngine f, uint length, uint address, byte value)
    {
        Span<byte> bytes = stackalloc byte[Chunk];
        bytes.Fill(value);
        f.Charge(length / 16);
        for (uint done = 0; done < length && f.Fault == 0; done += Chunk)
        {
            if (!f.Memory.TryWrite(address + done, bytes[..(int)Math.Min(length - done, Chunk)]))
            {
                f.Throw(ThrowCode.InvalidAddress);
            }
        }
    }

    private static void Compare(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        uint second = f.PopUnsigned();
        uint first = f.PopUnsigned();
        Span<byte> left = stackalloc byte[Chunk];
        Span<byte> right = stackalloc byte[Chunk];
        int order = 0;
        f.Charge(length / 16);
        for (uint done = 0; done < length && order == 0 && f.Fault == 0; done += Chunk)
        {
            int run = (int)Math.Min(length - done, Chunk);
            if (!f.Memory.TryRead(first + done, left[..run]) || !f.Memory.TryRead(second + done, right[..run]))
            {
                f.Throw(ThrowCode.InvalidAddress);
            }

            order = left[..run].SequenceCompareTo(right[..run]);
        }

        f.Push(Math.Sign(order));
    }

    private static void Flip(ForthEngine f, int size)
    {
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        Span<byte> unit = stackalloc byte[size];
        f.Charge(length);
        for (uint at = 0; at + (uint)size <= length && f.Fault == 0; at += (uint)size)
        {
            bool read = f.Memory.TryRead(address + at, unit);
            unit.Reverse();
            if (!read || !f.Memory.TryWrite(address + at, unit))
            {
                f.Throw(ThrowCode.InvalidAddress);
            }
        }
    }

    private static void FlipWords(ForthEngine f)
    {
        uint length = f.PopUnsigned();
        uint address = f.PopUnsigned();
        f.Charge(length);
        for (uint at = 0; at + 4 <= length && f.Fault == 0; at += 4)
        {
            Store(f, address + at, System.Numerics.BitOperations.RotateLeft(Fetch(f, address + at), 16));
        }
    }

    private static void Comma(ForthEngine f, int size)
    {
        uint value = f.PopUnsigned();
        uint here = f.Memory.Here;
        Allot(f, size);
        if (f.Fault == 0)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            _ = f.Memory.TryWrite(here, bytes[(4 - size)..]);
        }
    }

    private static void Allocate(ForthEngine f)
    {
        if (!f.Memory.TryAllocate(f.PopUnsigned(), out uint address))
        {
            f.Throw(ThrowCode.Allocate);
        }

        f.Push(address);
    }

    private static void TryAllocate(ForthEngine f)
    {
        bool ok = f.Memory.TryAllocate(f.PopUnsigned(), out uint address);
        f.Push(address);
        f.Push(ok ? 0 : ThrowCode.Allocate);
    }

    /// <summary>Freeing what was not allocated is a mistake worth a trace line, not one that should stop a boot loader.</summary>
    private static void Free(ForthEngine f)
    {
        _ = f.Pop();
        uint address = f.PopUnsigned();
        if (!f.Memory.TryFree(address))
        {
            f.Firmware.Platform.Tracer.GuestError("forth", $"free-mem of 0x{address:x}, which alloc-mem did not give");
        }
    }
}
