using System.Globalization;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>A file system in memory that is small enough to be filled.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string Filler = "filler";
    private const int Block = 4096;
    private const int NoSpace = 28; // ENOSPC

    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <returns>Null where this user, system or container does not let us.</returns>
    public static async Task<SmallDisk?> TryMount(string folder, long bytes, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Directory.CreateDirectory(folder);
        var (code, _, _) = await ShortProgram.Run("mount", ["-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes},mode=700"), "tmpfs", folder], cancellationToken);
        return code == 0 ? new SmallDisk(folder) : null;
    }

    /// <summary>Until not a byte more can be written.</summary>
    public static void Fill(string folder)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, Filler), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            var block = new byte[Block];
            while (true)
                file.Write(block);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) == NoSpace)
        {
            // That is full.
        }
    }

    public static void Free(string folder) => File.Delete(Path.Combine(folder, Filler));

    public async ValueTask DisposeAsync()
    {
        var (code, _, says) = await ShortProgram.Run("umount", [_folder], CancellationToken.None);
        if (code != 0)
            throw new StageException($"{_folder} could not be unmounted: {says}");
    }
}
