using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using MorningAI.Storage.Journaling;

namespace MorningAI.Tests.Benchmarks.Journaling;

/// <summary>The same records in every layout, in turns, each commit on disk before the next.</summary>
internal static class LayoutComparison
{
    private const int Tags = 16;
    private const int Rounds = 5;

    public static void Run(int records)
    {
        var folder = Directory.CreateTempSubdirectory("journal-layouts-").FullName;
        var files = JournalLayout.All.Select((l, i) => new LayoutFile(l, Path.Combine(folder, $"{i}.db"))).ToArray();
        var results = new Dictionary<(string, string), List<double>>();
        try
        {
            foreach (var file in files)
                file.Fill(records / 2);
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var batch in (int[])[1, 16, 256])
                {
                    foreach (var file in files)
                    {
                        Note(results, (file.Layout.Name, $"fresh, batches of {batch}"), file.Write(Count(batch), batch, version: 1));
                        Note(results, (file.Layout.Name, $"second write, batches of {batch}"), file.Write(Count(batch), batch, version: 2));
                        if (file.Compact() is { } each)
                            Note(results, (file.Layout.Name, $"compaction after batches of {batch}, per record superseded"), each);
                    }
                }
            }

            foreach (var ((layout, what), times) in results.OrderBy(r => r.Key.Item2).ThenBy(r => r.Key.Item1))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-60} {layout,-36} median {times.Order().ElementAt(times.Count / 2),8:0.00} us/record  min {times.Min(),8:0.00}"));
            foreach (var file in files)
                file.Describe(records);
        }
        finally
        {
            foreach (var file in files)
                file.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Count(int batch) => batch switch { 1 => 200, 16 => 1600, _ => 256 * 40 };

    private static void Note(Dictionary<(string, string), List<double>> results, (string, string) key, double value)
    {
        if (!results.TryGetValue(key, out var list))
            results[key] = list = [];
        list.Add(value);
    }

    private sealed class LayoutFile : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteStatement _begin, _commit, _put;
        private readonly SqliteStatement? _compact, _update;
        private readonly byte[] _body = new byte[200];
        private readonly string _path;
        private List<byte[]> _last = [];
        private long _seq, _compacted;

        public LayoutFile(JournalLayout layout, string path)
        {
            Layout = layout;
            _path = path;
            Random.Shared.NextBytes(_body);
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            _connection.Open();
            Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=8000;");
            Execute(layout.Schema);
            _begin = new SqliteStatement(_connection.Handle!, "BEGIN IMMEDIATE");
            _commit = new SqliteStatement(_connection.Handle!, "COMMIT");
            _put = new SqliteStatement(_connection.Handle!, layout.Put);
            _update = layout.Replace is null ? null : new SqliteStatement(_connection.Handle!, layout.Replace);
            _compact = layout.Compact is null ? null : new SqliteStatement(_connection.Handle!, layout.Compact);
        }

        public JournalLayout Layout { get; }

        public void Fill(int records)
        {
            Execute("PRAGMA synchronous=OFF");
            Write(records, 10_000, 1);
            Execute("PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE)");
        }

        public double Write(int records, int batch, long version)
        {
            var keys = version == 1 ? Keys(records) : _last;
            _last = keys;
            var watch = Stopwatch.StartNew();
            for (var from = 0; from < records; from += batch)
            {
                _begin.Run();
                for (var i = from; i < Math.Min(from + batch, records); i++)
                    Put(keys[i], version);
                _commit.Run();
            }

            return watch.Elapsed.TotalMicroseconds / records;
        }

        public double? Compact()
        {
            if (_compact is null)
                return null;
            var watch = Stopwatch.StartNew();
            var superseded = 0L;
            for (; _compacted < _seq; _compacted += 512)
            {
                _begin.Run();
                _compact.Bind(1, _compacted + 1).Bind(2, _compacted + 512).Run();
                superseded += SQLitePCL.raw.sqlite3_changes(_connection.Handle!);
                _commit.Run();
            }

            return watch.Elapsed.TotalMicroseconds / Math.Max(1, superseded);
        }

        public void Describe(int records)
        {
            var missing = records - (int)(long)Scalar("SELECT count(*) FROM entry WHERE place < 9")!;
            if (missing > 0)
                Fill(missing);
            Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            var rows = (long)Scalar("SELECT count(*) FROM entry")!;
            var bytes = new FileInfo(_path).Length;
            var watch = Stopwatch.StartNew();
            var check = Scalar("PRAGMA quick_check");
            var quick = watch.Elapsed;
            watch.Restart();
            using var read = new SqliteStatement(_connection.Handle!, "SELECT seq, key, body FROM entry WHERE tag = 3 AND seq > 0 ORDER BY seq");
            var n = 0;
            while (read.Step())
                n += read.Blob(2).Length > 0 ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Layout.Name,-36} {bytes / rows} bytes a record at {rows}; quick_check {check} in {quick.TotalSeconds:0.00} s; one tag of {n} read in {watch.Elapsed.TotalSeconds:0.000} s"));
        }

        public void Dispose()
        {
            _begin.Dispose();
            _commit.Dispose();
            _put.Dispose();
            _update?.Dispose();
            _compact?.Dispose();
            _connection.Dispose();
        }

        private static List<byte[]> Keys(int records)
        {
            var keys = new List<byte[]>(records);
            for (var i = 0; i < records; i++)
                keys.Add(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray(bigEndian: true));
            return keys;
        }

        private void Put(byte[] key, long version)
        {
            var tag = key[^1] % Tags;
            (version > 1 && _update is not null ? _update : _put).Bind(1, ++_seq).Bind(2, tag).Bind(3, key).Bind(4, version).Bind(5, 0L).Bind(6, 0x1234567890abcdefL).Bind(7, version == 1 ? 1 : 3).Bind(8, 1_700_000_000_000_000 + _seq).Bind(9, 0x12345678).Bind(10, _body).Run();
        }

        private void Execute(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        private object? Scalar(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar();
        }
    }
}
