using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;

namespace MorningAI.Tests.Benchmarks.Micro;

/// <summary>Records to a journal's real file, synced; figures are of the whole batch.</summary>
public class JournalAppend
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-append-").FullName;
    private readonly byte[] _body = new byte[350];
    private readonly RecordKey[] _keys = [.. Enumerable.Range(0, 4096).Select(_ => RecordKey.Of(Samples.NewId()))];
    private long _written;
    private SqliteJournal? _journal;

    [Params(1, 64, 256)]
    public int Records { get; set; }

    [GlobalSetup]
    public void Open() => _journal = SqliteJournal.Open(Path.Combine(_folder, "journal.db"), new JournalIdentity("bench", "bench"), new JournalOptions(), () => true, TimeProvider.System, NullLogger.Instance);

    [GlobalCleanup]
    public void Close()
    {
        _journal?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public Task Append()
    {
        JournalTicket last = default;
        for (var i = 0; i < Records; i++)
            last = _journal!.Append(Next());
        return last.Durable;
    }

    /// <summary>Each a newer version of one of few records, so that the file does not grow.</summary>
    private RecordWrite Next() => new() { Key = _keys[_written % _keys.Length], Version = (_written++ / _keys.Length) + 1, Base = 0, Writer = 7, Body = _body };
}
