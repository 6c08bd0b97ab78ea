using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Tests.Benchmarks.Journaling;

/// <summary>What the journal costs: a record appended and on disk, its bytes, its memory, and the time to open many.</summary>
internal static class JournalCosts
{
    private const int Tags = 16;
    private const int BodyLength = 350;

    public static async Task Run(int records)
    {
        var folder = Directory.CreateTempSubdirectory("journal-costs-").FullName;
        var path = Path.Combine(folder, "journal.db");
        try
        {
            var keys = Keys(records);
            using (var journal = Open(path))
            {
                foreach (var batch in (int[])[1, 16, 256])
                    Show($"append, batches of {batch}", await Append(journal, Keys(Math.Min(batch * 200, 50_000)), 1, batch));
                Show("append, batches of 256, all", await Append(journal, keys, 1, 256));
                Show("second write, batches of 256", await Append(journal, keys, 2, 256));
                Show("append, all at once", await Append(journal, Keys(records / 4), 1, int.MaxValue));
                var stats = journal.Stats();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stats.Records} records, {(stats.FileBytes + stats.WalBytes) / stats.Records} bytes each (log included: {stats.WalBytes >> 20} MiB), {stats.Activity!.RecordsPerCommit:0} a commit"));
                var find = Stopwatch.StartNew();
                for (var i = 0; i < 10_000; i++)
                    journal.Find(keys[i * 7919 % keys.Length]);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"find: {find.Elapsed.TotalMicroseconds / 10_000:0.0} us"));
            }

            keys = [];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"closed: {new FileInfo(path).Length >> 20} MiB"));
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var watch = Stopwatch.StartNew();
            using (var journal = Open(path))
            {
                var opened = watch.Elapsed;
                var records2 = journal.Stats().Records;
                var managed = GC.GetTotalMemory(forceFullCollection: true) - before;
                watch.Restart();
                long read = 0;
                foreach (var tag in journal.Tags())
                {
                    for (long after = 0; journal.Read(tag, after, 256) is { Count: > 0 } page; after = page[^1].Seq)
                        read += page.Count;
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"opened {records2} in {opened.TotalSeconds:0.00} s, {managed / 1024} KiB managed; all {read} read in {watch.Elapsed.TotalSeconds:0.00} s"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SqliteJournal Open(string path) =>
        SqliteJournal.Open(path, new JournalIdentity("bench", "bench"), new JournalOptions(), () => true, TimeProvider.System, NullLogger.Instance);

    private static async Task<(double Wall, double Cpu)> Append(SqliteJournal journal, RecordKey[] keys, long version, int batch)
    {
        var body = new byte[BodyLength];
        Random.Shared.NextBytes(body);
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        for (var from = 0; from < keys.Length; from += Math.Min(batch, keys.Length))
        {
            JournalTicket last = default;
            for (var i = from; i < Math.Min((long)from + batch, keys.Length); i++)
                last = journal.Append(new RecordWrite { Key = keys[i], Version = version, Base = 0, Writer = 7, Body = body, Index = new IndexEntry(TaskState.Queued, i) });
            await last.Durable;
        }

        return (watch.Elapsed.TotalMicroseconds / keys.Length, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / keys.Length);
    }

    private static void Show(string what, (double Wall, double Cpu) each) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {each.Wall,8:0.00} us a record, {each.Cpu,8:0.00} us of CPU on all threads"));

    private static RecordKey[] Keys(int count)
    {
        var keys = new RecordKey[count];
        for (var i = 0; i < count; i++)
        {
            var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
            keys[i] = new RecordKey($"default.{i % Tags:x}", RecordKey.TaskKind, Base32.Encode(id));
        }

        return keys;
    }
}
