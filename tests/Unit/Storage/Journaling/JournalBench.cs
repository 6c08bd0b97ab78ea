using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Storage.Journaling;

/// <summary>A journal in a folder of its own, in fake time.</summary>
internal sealed class JournalBench : IDisposable
{
    public static readonly JournalIdentity Identity = new("here", "tests");

    private readonly List<IDisposable> _open = [];

    public JournalBench() => Folder = Directory.CreateTempSubdirectory("journal-").FullName;

    public string Folder { get; }

    public string File => Path.Combine(Folder, "journal.db");

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Whether the store has what it confirmed.</summary>
    public bool IsStoreSound { get; set; } = true;

    public SqliteJournal Open(JournalOptions? options = null, JournalIdentity? identity = null)
    {
        var journal = SqliteJournal.Open(File, identity ?? Identity, options ?? new JournalOptions(), () => IsStoreSound, Time, NullLogger.Instance);
        _open.Add(journal);
        return journal;
    }

    /// <summary>The files as a crash at this moment would leave them.</summary>
    public JournalBench Crash()
    {
        var after = new JournalBench();
        foreach (var suffix in (string[])["", "-wal", "-tail1", "-tail2"])
        {
            if (System.IO.File.Exists(File + suffix))
                System.IO.File.Copy(File + suffix, after.File + suffix);
        }

        return after;
    }

    public static void Change(string file, Func<byte[], byte[]> change) => System.IO.File.WriteAllBytes(file, change(System.IO.File.ReadAllBytes(file)));

    /// <summary>Fake time passes until the condition holds.</summary>
    public Task Passes(TimeSpan step, Func<bool> condition, string what) => Until.Passes(Time, step, condition, what);

    public static RecordWrite Write(string tag, string id, long version = 1, ulong writer = 1, long from = 0, TaskState? state = null, string? body = "body") => new()
    {
        Key = Key(tag, id),
        Version = version,
        Base = from,
        Writer = writer,
        Body = body is null ? null : Encoding.UTF8.GetBytes(body),
        Index = state is { } s ? new IndexEntry(s, 42) : null,
    };

    public static RecordKey Key(string tag, string id) => new(tag, "grain", id);

    public void Dispose()
    {
        foreach (var journal in _open)
            journal.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
