using System.Buffers.Binary;
using CsCheck;
using Firmament.DeviceTree.Comparison;
using Firmament.DeviceTree.Flattened;

namespace Firmament.DeviceTree.Tests;

public sealed class FlattenedTreeErrorTests
{
    /// <summary>A header word of a good blob (structure at 56, strings behind it) set to another value.</summary>
    [Theory]
    [InlineData(0, 0xd00dfeecu, FdtError.BadMagic, 0)]
    [InlineData(4, 39u, FdtError.BadTotalSize, 4)]
    [InlineData(4, 0u, FdtError.BadTotalSize, 4)]
    [InlineData(4, 0xffffffffu, FdtError.Truncated, null)]
    [InlineData(4, 60u, FdtError.TrailingData, 60)]
    [InlineData(8, 57u, FdtError.Misaligned, 8)]
    [InlineData(8, 0xfffffffcu, FdtError.BlockOutOfRange, 8)]
    [InlineData(8, 36u, FdtError.BlockOutOfRange, 8)]
    [InlineData(8, 52u, FdtError.BlocksOverlap, 52)]
    [InlineData(12, 0xffffffffu, FdtError.BlockOutOfRange, 12)]
    [InlineData(12, 0u, FdtError.BlockOutOfRange, 12)]
    [InlineData(12, 70u, FdtError.BlocksOverlap, 70)]
    [InlineData(16, 44u, FdtError.Misaligned, 16)]
    [InlineData(16, 0x7ffffff8u, FdtError.BlockOutOfRange, 16)]
    [InlineData(16, 56u, FdtError.UnterminatedReservations, 56)]
    [InlineData(20, 16u, FdtError.BadVersion, 20)]
    [InlineData(20, 1u, FdtError.BadVersion, 20)]
    [InlineData(24, 18u, FdtError.BadVersion, 24)]
    [InlineData(32, 0xffffffffu, FdtError.BlockOutOfRange, 12)]
    [InlineData(36, 0xfffffffcu, FdtError.BlockOutOfRange, 8)]
    [InlineData(36, 30u, FdtError.Misaligned, 36)]
    [InlineData(36, 8u, FdtError.MissingEnd, 64)]
    public void A_bad_header_word_is_an_error_where_it_stands(int field, uint value, FdtError error, int? offset)
    {
        byte[] blob = new BlobBuilder().Begin("").Property("reg", [1, 2, 3, 4]).Property("name", [1]).End().Finish().ToBlob();
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(field), value);
        Check(blob, error, offset);
    }

    public static TheoryData<string, byte[], FdtError, int?> Structures
    {
        get
        {
            byte[] cell(uint value)
            {
                byte[] bytes = new byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
                return bytes;
            }

            return new()
            {
                { "empty", new BlobBuilder().ToBlob(), FdtError.MissingEnd, 56 },
                { "only an end", new BlobBuilder().Finish().ToBlob(), FdtError.UnbalancedNodes, 56 },
                { "no end token", new BlobBuilder().Begin("").End().ToBlob(), FdtError.MissingEnd, 68 },
                { "node not ended", new BlobBuilder().Begin("").Finish().ToBlob(), FdtError.UnbalancedNodes, 64 },
                { "end without begin", new BlobBuilder().End().Finish().ToBlob(), FdtError.UnbalancedNodes, 56 },
                { "one end too many", new BlobBuilder().Begin("").End().End().Finish().ToBlob(), FdtError.UnbalancedNodes, 68 },
                { "two roots", new BlobBuilder().Begin("").End().Begin("").End().Finish().ToBlob(), FdtError.UnbalancedNodes, 68 },
                { "named root", new BlobBuilder().Begin("x").End().Finish().ToBlob(), FdtError.BadNodeName, 60 },
                { "nameless child", new BlobBuilder().Begin("").Begin("").End().End().Finish().ToBlob(), FdtError.BadNodeName, 68 },
                { "slash in a name", new BlobBuilder().Begin("").Begin("a/b").End().End().Finish().ToBlob(), FdtError.BadNodeName, 68 },
                {
                    "unterminated node name",
                    new BlobBuilder().Word(1).Raw(0, 0, 0, 0, 0, 0, 0, 1, 65, 65, 65, 65).ToBlob(), FdtError.UnterminatedString, 68
                },
                { "unknown token", new BlobBuilder().Begin("").Word(5).End().Finish().ToBlob(), FdtError.UnknownToken, 64 },
                { "zero token", new BlobBuilder().Begin("").Word(0).End().Finish().ToBlob(), FdtError.UnknownToken, 64 },
                { "property before the root", new BlobBuilder().Property("x", []).ToBlob(), FdtError.PropertyOutsideNode, 56 },
                {
                    "property after the root",
                    new BlobBuilder().Begin("").End().Property("x", []).Finish().ToBlob(), FdtError.PropertyOutsideNode, 68
                },
                {
                    "property after a child",
                    new BlobBuilder().Begin("").Begin("a").End().Property("x", []).End().Finish().ToBlob(), FdtError.PropertyAfterChild, 76
                },
                { "property cut short", new BlobBuilder().Begin("").Word(3).Word(0).ToBlob(), FdtError.ValueOutOfRange, 64 },
                { "value too long", new BlobBuilder().Begin("").Word(3).Word(9).Word(0).Word(2).Word(9).ToBlob(), FdtError.ValueOutOfRange, 64 },
                {
                    "huge value", new BlobBuilder().Begin("").Word(3).Word(uint.MaxValue).Word(0).End().Finish().ToBlob(),
                    FdtError.ValueOutOfRange, 64
                },
                {
                    "name outside", new BlobBuilder().Begin("").Property("x", []).PropertyAt(2, []).End().Finish().ToBlob(),
                    FdtError.BadPropertyName, 76
                },
                {
                    "name far outside", new BlobBuilder().Begin("").PropertyAt(-1, []).End().Finish().ToBlob(),
                    FdtError.BadPropertyName, 64
                },
                {
                    "empty name", new BlobBuilder().Begin("").Property("x", []).PropertyAt(1, []).End().Finish().ToBlob(),
                    FdtError.BadPropertyName, 76
                },
                {
                    "name too long", new BlobBuilder().Begin("").Property(new string('n', 256), []).End().Finish().ToBlob(),
                    FdtError.BadPropertyName, 84
                },
                {
                    "unterminated property name", new BlobBuilder().Begin("").Property("abc", []).End().Finish().ToBlob(unterminate: 1),
                    FdtError.UnterminatedString, 84
                },
                {
                    "property twice", new BlobBuilder().Begin("").Property("x", []).Property("x", []).End().Finish().ToBlob(),
                    FdtError.DuplicateProperty, 76
                },
                { "phandle of two cells", Phandles(new byte[8]), FdtError.BadPhandle, 72 },
                { "phandle 0", Phandles(cell(0)), FdtError.BadPhandle, 72 },
                { "phandle -1", Phandles(cell(uint.MaxValue)), FdtError.BadPhandle, 72 },
                { "same phandle in two nodes", Phandles(cell(3), cell(3)), FdtError.DuplicatePhandle, null },
                {
                    "two phandles in a node",
                    new BlobBuilder().Begin("").Property("phandle", cell(1)).Property("linux,phandle", cell(2)).End().Finish().ToBlob(),
                    FdtError.BadPhandle, 80
                },
                { "words after the end", new BlobBuilder().Begin("").End().Finish().Word(0).ToBlob(), FdtError.TrailingData, 72 },
                { "65 levels", Nested(65), FdtError.TooDeep, null },
            };

            static byte[] Phandles(params byte[][] values)
            {
                BlobBuilder builder = new BlobBuilder().Begin("");
                foreach (byte[] value in values)
                {
                    builder.Begin("a").Property("phandle", value).End();
                }

                return builder.End().Finish().ToBlob();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void A_bad_structure_is_an_error_where_it_stands(string name, byte[] blob, FdtError error, int? offset)
    {
        Assert.NotEmpty(name);
        Check(blob, error, offset);
    }

    [Fact]
    public void A_message_shows_names_of_the_blob_short_and_without_control_characters()
    {
        byte[] blob = new BlobBuilder().Begin("").Begin("\u001b/" + new string('x', 100_000)).ToBlob();
        string message = FlattenedTree.Read(blob).Message;
        Assert.StartsWith("\"\\x1b/xxx", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 10, 300);
    }

    [Fact]
    public void Sixty_four_levels_are_read() => Assert.True(FlattenedTree.Read(Nested(64)).Ok);

    [Fact]
    public void Bytes_after_the_stated_size_are_an_error_and_can_be_cut_off_before()
    {
        byte[] blob = [.. new BlobBuilder().Begin("").End().Finish().ToBlob(), 0, 0];
        Check(blob, FdtError.TrailingData, blob.Length - 2);
        Assert.True(FlattenedTree.TryGetTotalSize(blob, out uint size));
        Assert.True(FlattenedTree.TryRead(blob.AsSpan(0, (int)size), out _, out _));
        Assert.False(FlattenedTree.TryGetTotalSize(blob.AsSpan(0, 7), out _));
        Assert.False(FlattenedTree.TryGetTotalSize(new byte[8], out _));
    }

    [Fact]
    public void Any_tree_reads_back_equal_and_writes_the_same_bytes() =>
        Gen.Byte.Array[0, 600].Sample(bytes =>
        {
            DeviceTree tree = RandomTree.From(bytes, phandles: true);
            List<FdtReservation> reservations = RandomTree.Reservations(bytes);
            byte[] blob = FlattenedTree.Write(tree, new FdtWriteOptions { Reservations = reservations, FreeSpace = bytes.Length % 9 });
            FdtResult result = FlattenedTree.Read(blob);
            Assert.True(result.Ok, result.ToString());
            DeviceTreeDiff diff = DeviceTreeDiff.Compare(tree, result.Image.Tree, new DeviceTreeDiffOptions { Order = true });
            Assert.True(diff.IsEmpty, diff.ToString());
            Assert.Equal(reservations, result.Image.Reservations);
            Assert.Equal(blob, result.Image.Write());
        }, iter: 1000, threads: 1);

    [Fact]
    public void A_damaged_blob_is_an_error_or_still_writes_back_byte_for_byte() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte).Array[1, 6]).Sample((bytes, flips) =>
        {
            byte[] blob = FlattenedTree.Write(RandomTree.From(bytes, phandles: true), new FdtWriteOptions { FreeSpace = 8 });
            foreach ((int position, byte value) in flips)
            {
                blob[position % blob.Length] ^= value;
            }

            CheckEither(blob);
        }, iter: 10_000, threads: 1);

    [Fact]
    public void A_real_blob_with_any_word_damaged_is_an_error_or_still_writes_back()
    {
        byte[] blob = SharedFolder.Read("guests/oracle/pegasos2/pegasos2-72-running.dtb");
        foreach (uint value in new[] { 0u, 1u, 2u, 3u, 4u, 9u, 0x7fffffffu, uint.MaxValue })
        {
            for (int at = 0; at + 4 <= blob.Length; at += 4)
            {
                byte[] damaged = [.. blob];
                BinaryPrimitives.WriteUInt32BigEndian(damaged.AsSpan(at), value);
                CheckEither(damaged);
            }
        }
    }

    [Fact]
    public void A_cut_blob_whose_header_agrees_is_an_error_or_still_writes_back()
    {
        byte[] blob = SharedFolder.Read("guests/oracle/pegasos2/pegasos2-72-running.dtb");
        for (int length = 40; length < blob.Length; length++)
        {
            byte[] cut = blob[..length];
            BinaryPrimitives.WriteUInt32BigEndian(cut.AsSpan(4), (uint)length);
            CheckEither(cut);
        }
    }

    private static byte[] Nested(int levels)
    {
        BlobBuilder builder = new BlobBuilder().Begin("");
        for (int i = 1; i < levels; i++)
        {
            builder.Begin("n");
        }

        for (int i = 0; i < levels; i++)
        {
            builder.End();
        }

        return builder.Finish().ToBlob();
    }

    private static void Check(byte[] blob, FdtError error, int? offset)
    {
        FdtResult result = FlattenedTree.Read(blob);
        Assert.Equal(error, result.Error);
        Assert.Null(result.Image);
        Assert.False(result.Ok);
        Assert.Equal(offset ?? result.Offset, result.Offset);
        Assert.InRange(result.Offset, 0, blob.Length);
        Assert.EndsWith(".", result.Message, StringComparison.Ordinal);
    }

    private static void CheckEither(byte[] blob)
    {
        FdtResult result = FlattenedTree.Read(blob);
        if (result.Ok)
        {
            Assert.True(blob.AsSpan().SequenceEqual(result.Image.Write()), "read without an error, but written differently");
            return;
        }

        Assert.InRange(result.Offset, 0, blob.Length);
        Assert.NotEmpty(result.Message);
    }
}
