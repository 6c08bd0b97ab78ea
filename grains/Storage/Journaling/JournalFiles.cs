using System.Globalization;

namespace MorningAI.Storage.Journaling;

/// <summary>The files of a journal: SQLite's three, its lock, its tail, and damaged ones that were set aside.</summary>
internal sealed class JournalFiles(string path)
{
    private const string AsideMark = ".corrupt-";

    /// <summary>Absolute.</summary>
    public string Database { get; } = Path.GetFullPath(path);

    public string Wal => Database + "-wal";

    public string Lock => Database + ".lock";

    /// <summary>See <see cref="JournalTail"/>.</summary>
    public string[] Tails => [Database + "-tail1", Database + "-tail2"];

    public bool Exist => File.Exists(Database) && new FileInfo(Database).Length > 0;

    public long FileBytes => Length(Database);

    public long WalBytes => Length(Wal);

    /// <summary>Names of the damaged files beside it.</summary>
    public string[] AsideNames() => [.. Directory.EnumerateFiles(Path.GetDirectoryName(Database)!, Path.GetFileName(Database) + AsideMark + "*")
        .Select(f => Path.GetFileName(f))
        .Where(f => !f.EndsWith("-wal", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    /// <summary>Renames a damaged journal, so that a new one can take its place.</summary>
    /// <returns>Its new path.</returns>
    public string SetAside(DateTimeOffset now)
    {
        var to = Database + AsideMark + now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        for (var n = 2; File.Exists(to); n++)
            to = $"{Database}{AsideMark}{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{n}";
        // The log first: were we to end between the two, the damaged file would be set aside without it, not be taken for whole.
        if (File.Exists(Wal))
            File.Move(Wal, to + "-wal");
        File.Delete(Database + "-shm");
        if (File.Exists(Database))
            File.Move(Database, to);
        return to;
    }

    private static long Length(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? info.Length : 0;
    }
}
