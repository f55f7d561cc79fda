namespace Firmament.Volumes.Tests;

/// <summary>A folder for one test, with the image the tools make in it.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("firmament-volumes-").FullName;

    public string Image => Path.Combine(Folder, "image");

    /// <summary>Makes the image a file of zeros.</summary>
    public void Allocate(long bytes)
    {
        using FileStream file = File.Create(Image);
        file.SetLength(bytes);
    }

    public void Run(string tool, params string[] arguments) => Tool.Run(Folder, "", tool, arguments);

    public void RunWith(string input, string tool, params string[] arguments) => Tool.Run(Folder, input, tool, arguments);

    public byte[] Bytes() => File.ReadAllBytes(Image);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
