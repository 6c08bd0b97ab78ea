namespace MorningAI.Silo.Store;

/// <summary>A silo's own folder, locked while the silo lives: two silos on one folder would overwrite each other.</summary>
public sealed class DataDirectory : IDisposable
{
    public const string JournalName = "journal.db";

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream fileLock)
    {
        Path = path;
        _lock = fileLock;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Where a running silo says how it is reached.</summary>
    public string EndpointFile => System.IO.Path.Combine(Path, "silo.json");

    /// <summary>Who was in the cluster when this silo last looked.</summary>
    public string MembersFile => System.IO.Path.Combine(Path, "members.json");

    public string JournalFile => System.IO.Path.Combine(Path, JournalName);

    /// <exception cref="SiloStartException">It cannot be written, or another silo has it.</exception>
    public static DataDirectory Open(string directory)
    {
        var path = System.IO.Path.GetFullPath(directory);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, e);
        }

        var lockFile = System.IO.Path.Combine(path, "lock");
        try
        {
            return new DataDirectory(path, new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritable(path, e);
        }
        catch (IOException e) when (File.Exists(lockFile))
        {
            throw new SiloStartException($"The data folder {path} is in use by another silo. Stop that one, or give this one a folder of its own with --data.", e);
        }
        catch (IOException e)
        {
            throw NotWritable(path, e);
        }
    }

    public void Dispose()
    {
        File.Delete(EndpointFile);
        _lock.Dispose();
    }

    private static SiloStartException NotWritable(string path, Exception e) =>
        new($"The data folder {path} cannot be written ({e.Message.TrimEnd('.')}). Choose another with --data, or mend its permissions.", e);
}
