namespace Firmament.Machines.Tests.Support;

/// <summary>The guest images and QEMU's records of them.</summary>
internal static class Guests
{
    /// <summary>The path of an image, or a skipped test that says what is missing and what makes it.</summary>
    public static string Path(string image) =>
        SharedFolder.PathOf("guests/" + image, "make it with eng/guests/build.sh, or point FIRMAMENT_GUESTS at a folder that has it");

    /// <summary>The path of an image that something else makes, or a skipped test.</summary>
    public static string PathOf(string image, string remedy) => SharedFolder.PathOf("guests/" + image, remedy);

    /// <summary>The path of a log or tree that QEMU wrote on this machine, or a skipped test. Nothing here can make one.</summary>
    public static string OraclePath(string file) =>
        SharedFolder.PathOf("guests/oracle/pegasos2/" + file, "it is QEMU's record; point FIRMAMENT_GUESTS at a folder that has it");

    /// <summary>The same for pseries.</summary>
    public static string PseriesOraclePath(string file) =>
        SharedFolder.PathOf("guests/oracle/pseries/" + file, "it is QEMU's record; point FIRMAMENT_GUESTS at a folder that has it");
}
