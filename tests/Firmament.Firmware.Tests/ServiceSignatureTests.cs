namespace Firmament.Firmware.Tests;

public sealed class ServiceSignatureTests
{
    [Fact]
    public void Counts_and_kinds_come_from_the_text()
    {
        ServiceSignature signature = new("phandle node, text name, size, extra? -> int status, value");
        Assert.Equal([3, 4, 2, 2], [signature.LeastArguments, signature.MostArguments, signature.LeastResults, signature.MostResults]);
        Assert.Equal([ServiceParameterKind.Phandle, ServiceParameterKind.Text, ServiceParameterKind.Cell, ServiceParameterKind.Cell], signature.Arguments.Select(static p => p.Kind));
        Assert.Equal(["node", "name", "size", "extra"], signature.Arguments.Select(static p => p.Name));
    }

    [Fact]
    public void Three_dots_stand_for_any_number()
    {
        ServiceSignature signature = new("text cmd, ... -> int catch, ...");
        Assert.Equal([1, CallBlock.MostCells, 1, CallBlock.MostCells], [signature.LeastArguments, signature.MostArguments, signature.LeastResults, signature.MostResults]);
    }

    [Theory]
    [InlineData("nonsense name")]
    [InlineData("..., name")]
    public void Text_that_is_no_signature_is_refused(string text) => Assert.Throws<FormatException>(() => new ServiceSignature(text));
}
