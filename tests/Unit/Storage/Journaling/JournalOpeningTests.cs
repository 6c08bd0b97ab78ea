using System.Text;
using Microsoft.Data.Sqlite;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using static MorningAI.Tests.Unit.Storage.Journaling.JournalBench;

namespace MorningAI.Tests.Unit.Storage.Journaling;

public sealed class JournalOpeningTests : IDisposable
{
    private readonly JournalBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Open_LogTornInItsLastCommit_HasEverythingBefore()
    {
        var journal = _bench.Open();
        await journal.Append(Write("a", "whole")).Durable.InTime();
        var whole = new FileInfo(_bench.File + "-wal").Length;
        await journal.Append(Write("a", "torn")).Durable.InTime();
        using var after = _bench.Crash();
        Change(after.File + "-wal", bytes => bytes[..^((int)(bytes.Length - whole) / 2)]);
        Assert.True(WalTail.CountPages(after.File + "-wal") > 0);

        var again = after.Open();
        Assert.Equal("whole", Assert.Single(again.Read("a", 0, 10)).Write.Key.Id);
        await again.Append(Write("a", "next")).Durable.InTime();
        Assert.Equal(2, again.Read("a", 0, 10).Count);
    }

    [Fact]
    public async Task Open_FileOfFormat1_IsBroughtUpToDate()
    {
        var write = Write("a", "kept", version: 3, state: TaskState.Queued);
        MakeFormat1(write, seq: 17);
        Assert.Contains("earlier version", Assert.Throws<JournalException>(() => JournalInspector.Inspect(_bench.File, _bench.Time)).Message, StringComparison.Ordinal);

        var journal = _bench.Open();
        var read = Assert.Single(journal.Read("a", 0, 10));
        Assert.Equal((17, write.Key, 3), (read.Seq, read.Write.Key, read.Write.Version));
        Assert.Equal(17, journal.Find(write.Key)!.Value.Seq);
        Assert.Equal(12, journal.Confirmed("a"));
        var next = journal.Append(Write("a", "next"));
        await next.Durable.InTime();
        Assert.True(next.Seq > 1000, "a number that was reserved is given out again");
        journal.Dispose();
        Assert.Equal(2, JournalInspector.Inspect(_bench.File, _bench.Time).Stats.Waiting);
    }

    [Fact]
    public void Open_OneByteOfARecordChanged_QuarantinesItAndKeepsTheRest()
    {
        using (var journal = _bench.Open())
        {
            journal.Append(Write("a", "good", body: "left as it was"));
            journal.Append(Write("a", "bad", body: "to be changed"));
        }

        Change(_bench.File, bytes =>
        {
            bytes[bytes.AsSpan().IndexOf("to be changed"u8)] ^= 1;
            return bytes;
        });
        var again = _bench.Open();

        Assert.Equal("good", Assert.Single(again.Read("a", 0, 10)).Write.Key.Id);
        Assert.Null(again.Find(Key("a", "bad")));
        Assert.Equal((1, 1), (again.Stats().Records, again.Stats().Quarantined));
        var entry = Assert.Single(JournalInspector.Quarantine(_bench.File));
        Assert.Equal("a/grain/bad", entry.Key);
        Assert.Contains("be changed", Encoding.UTF8.GetString(entry.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OneByteChangedWhileOpen_QuarantinesItThen()
    {
        var journal = _bench.Open();
        await journal.Append(Write("a", "bad", body: "to be changed")).Durable.InTime();
        await journal.Append(Write("a", "good")).Durable.InTime();
        using (var other = new SqliteConnection($"Data Source={_bench.File};Pooling=False"))
        {
            other.Open();
            using var change = other.CreateCommand();
            change.CommandText = "UPDATE entry SET body = x'00' WHERE id = (SELECT min(id) FROM entry)";
            change.ExecuteNonQuery();
        }

        Assert.Equal("good", Assert.Single(journal.Read("a", 0, 1)).Write.Key.Id);
        await Until.True(() => JournalInspector.Quarantine(_bench.File).Count == 1, "it is quarantined");
    }

    [Fact]
    public async Task Open_NotADatabase_IsSetAsideAndBeginsAnew()
    {
        var garbage = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("this is no database. ", 500)));
        await File.WriteAllBytesAsync(_bench.File, garbage, TestContext.Current.CancellationToken);
        var journal = _bench.Open();
        await journal.Append(Write("a", "one")).Durable.InTime();

        var aside = Assert.Single(journal.Stats().SetAside);
        Assert.Equal("journal.db.corrupt-20260101T000000Z", aside);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(Path.Combine(_bench.Folder, aside), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Open_PagesDestroyed_SavesWhatCanBeRead()
    {
        const int records = 3000;
        long last = 0;
        Guid id;
        using (var journal = _bench.Open())
        {
            id = journal.Id;
            for (var i = 0; i < records; i++)
                last = journal.Append(Write("a", $"{i}", body: new string('x', 300))).Seq;
            journal.Confirm("a", last);
        }

        Change(_bench.File, bytes =>
        {
            bytes.AsSpan(bytes.Length / 2 / JournalDatabase.PageSize * JournalDatabase.PageSize, JournalDatabase.PageSize).Fill(0xee);
            return bytes;
        });
        var again = _bench.Open();

        var saved = again.Read("a", 0, records + 1);
        Assert.InRange(saved.Count, records - 200, records - 1);
        Assert.Single(again.Stats().SetAside);
        Assert.NotEqual(id, again.Id); // the store has no cursor of it: it is given everything again
        Assert.Equal(0, again.Confirmed("a"));
        Assert.True(again.Append(Write("a", "next")).Seq > last);
    }

    [Fact]
    public void Open_OfAnotherCluster_SaysWhoseAndTouchesNothing()
    {
        WriteOne();
        AssertRefused(() => _bench.Open(identity: new JournalIdentity("there", "tests")), "cluster 'here'", "MORNINGAI_CLUSTER_ID");
        AssertRefused(() => _bench.Open(identity: new JournalIdentity("here", "others")), "service 'tests'");
    }

    [Fact]
    public void Open_OfANewerVersion_SaysSoAndTouchesNothing()
    {
        WriteOne();
        Execute("PRAGMA user_version = 99");
        AssertRefused(() => _bench.Open(), "newer version", "format 99");
    }

    [Fact]
    public void Open_AnotherProgramsDatabase_SaysSoAndTouchesNothing()
    {
        Execute("CREATE TABLE mine (x)");
        AssertRefused(() => _bench.Open(), "another program");
    }

    [Fact]
    public void Open_InUse_SaysSoAndTouchesNothing()
    {
        var journal = _bench.Open();
        AssertRefused(() => _bench.Open(), "in use by another process");
        journal.Dispose();
        _bench.Open();
    }

    [Fact]
    public void Open_MadeHalfWay_BeginsAnew()
    {
        Execute("PRAGMA journal_mode = WAL");
        Assert.Empty(_bench.Open().Tags());
    }

    private void WriteOne()
    {
        using var journal = _bench.Open();
        journal.Append(Write("a", "one"));
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_bench.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void AssertRefused(Action open, params string[] words)
    {
        var before = File.ReadAllBytes(_bench.File);
        var refusal = Assert.Throws<JournalException>(open);
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
        Assert.Contains(_bench.File, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_bench.File));
    }

    /// <summary>As silos wrote it before: with a column for the tag and one for the number.</summary>
    private void MakeFormat1(RecordWrite write, long seq)
    {
        using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _bench.File, Pooling = false }.ToString());
        file.Open();
        Run("PRAGMA auto_vacuum = INCREMENTAL");
        Run("PRAGMA journal_mode = WAL");
        Run($"PRAGMA application_id = {JournalSchema.ApplicationId}");
        Run("PRAGMA user_version = 1");
        Run("""
            CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, confirmed INTEGER NOT NULL);
            CREATE TABLE entry (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, tag INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL, base INTEGER NOT NULL,
                writer INTEGER NOT NULL, place INTEGER NOT NULL, score INTEGER NOT NULL, at INTEGER NOT NULL, checksum INTEGER NOT NULL, body BLOB NOT NULL);
            CREATE INDEX entry_key ON entry (key, tag);
            CREATE INDEX entry_seq ON entry (tag, seq);
            CREATE INDEX entry_finished ON entry (tag, seq) WHERE place IN (4, 5, 6, 7, 9);
            CREATE TABLE quarantine (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL);
            """);
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("cluster", Identity.ClusterId), ("service", Identity.ServiceId), ("journal", Guid.NewGuid().ToString()), ("reserved", "1000")])
            Run("INSERT INTO meta VALUES ($0, $1)", name, value);
        Run("INSERT INTO tag VALUES (4, $0, 12)", write.Key.Tag);
        var key = JournalKey.Encode(write.Key);
        var columns = JournalColumns.Of(seq, write, acknowledged: false, at: 5);
        Run(
            "INSERT INTO entry VALUES (900, $0, 4, $1, $2, $3, $4, $5, $6, $7, $8, $9)",
            seq, key, columns.Version, columns.Base, columns.Writer, columns.Place, columns.Score, columns.At, RecordChecksum.Of(write.Key.Tag, key, columns, write.Body), write.Body!);

        void Run(string sql, params object[] values)
        {
            using var command = file.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
                command.Parameters.AddWithValue($"${i}", values[i]);
            command.ExecuteNonQuery();
        }
    }
}
