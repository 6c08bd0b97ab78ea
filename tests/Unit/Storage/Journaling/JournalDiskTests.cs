using System.Threading.Channels;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using static MorningAI.Tests.Unit.Storage.Journaling.JournalBench;

namespace MorningAI.Tests.Unit.Storage.Journaling;

public sealed class JournalDiskTests : IDisposable
{
    private static readonly string Large = new('x', 1024 * 1024);

    private readonly JournalBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Append_DiskFull_FailsAndSaysSo_AndGoesOnOnceThereIsRoom()
    {
        var journal = _bench.Open(new JournalOptions { MaxBytes = 512 * 1024, MaxBatch = 16 });
        var body = new string('x', 2000);
        var on = new List<JournalTicket>();
        JournalUnavailableException? refusal = null;
        while (refusal is null)
        {
            var ticket = journal.Append(Write("a", $"{on.Count}", state: TaskState.Succeeded, body: body));
            refusal = (JournalUnavailableException?)await Record.ExceptionAsync(() => ticket.Durable.InTime());
            if (refusal is null)
                on.Add(ticket);
            Assert.True(on.Count < 1000, "it never refused");
        }

        Assert.Contains("full", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("full", journal.Stats().Activity!.Refusal, StringComparison.Ordinal);
        Assert.Equal(on.Count, journal.Read("a", 0, 1000).Count);
        await journal.WhenSettled(long.MaxValue).InTime();

        journal.Confirm("a", on[^1].Seq);
        await _bench.Passes(TimeSpan.FromMinutes(1), () => journal.LastSeqOf("a") == 0, "room was made");
        await journal.Append(Write("a", "after", body: body)).Durable.InTime();
        Assert.Null(journal.Stats().Activity!.Refusal);
    }

    [Fact]
    public async Task TakesAgain_AfterARefusal_NamesTheNewestThatTheStoreConfirmedMeanwhile()
    {
        var journal = _bench.Open(new JournalOptions { MaxBytes = 256 * 1024 });
        var named = Channel.CreateUnbounded<RecordWrite>();
        var written = new TaskCompletionSource();
        journal.TakesAgain += write =>
        {
            named.Writer.TryWrite(write);
            return written.Task;
        };
        await journal.Append(Write("a", "stored")).Durable.InTime();
        foreach (var (name, version, isStored) in new[] { ("stored", 2, true), ("stored", 3, true), ("stored", 4, false), ("refused", 1, false) })
            await Refuse(journal, Write("a", name, version, body: Large), isStored);

        Assert.Equal(3, journal.Find(Key("a", "stored"))?.Write.Version); // not what the disk has
        Assert.Null(journal.Find(Key("a", "refused")));
        await journal.Append(Write("a", "last")).Durable.InTime();

        var again = await named.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime();
        Assert.Equal((Key("a", "stored"), 3), (again.Key, again.Version));
        Assert.Same(again, journal.Find(again.Key)?.Write); // until it is written
        written.SetResult();
        await _bench.Passes(TimeSpan.Zero, () => journal.Find(again.Key)?.Write.Version == 1, "the disk has it, as far as the journal was told");
        Assert.False(named.Reader.TryRead(out _));
    }

    /// <summary>The disk took a small commit, and not what was named then.</summary>
    [Fact]
    public async Task TakesAgain_WhatCouldNotBeWritten_IsNamedOnceMore()
    {
        var journal = _bench.Open(new JournalOptions { MaxBytes = 256 * 1024 });
        var named = Channel.CreateUnbounded<RecordWrite>();
        journal.TakesAgain += write =>
        {
            named.Writer.TryWrite(write);
            throw new InvalidOperationException("neither the store nor the disk, or a fault of ours");
        };
        await Refuse(journal, Write("a", "stored", 2, body: Large), isStored: true);
        for (var i = 0; i < 3; i++)
        {
            RecordWrite? again = null;
            await _bench.Passes(TimeSpan.FromSeconds(1), () => named.Reader.TryRead(out again), "it is named with a later commit");
            Assert.Same(again, journal.Find(Key("a", "stored"))?.Write);
        }
    }

    [Fact]
    public async Task Append_DiskFull_LeavesTheRecordBefore()
    {
        var journal = _bench.Open(new JournalOptions { MaxBytes = 256 * 1024 });
        var small = journal.Append(Write("a", "one", version: 1));
        await small.Durable.InTime();
        var large = journal.Append(Write("a", "one", version: 2, body: Large));

        await Assert.ThrowsAsync<JournalUnavailableException>(() => large.Durable.InTime());
        Assert.Equal(small.Seq, journal.Find(Key("a", "one"))!.Value.Seq);
        await journal.Append(Write("a", "one", version: 3)).Durable.InTime();
    }

    private static async Task Refuse(SqliteJournal journal, RecordWrite write, bool isStored)
    {
        var ticket = journal.Append(write);
        if (isStored)
            ticket.IsStored();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => ticket.Durable.InTime());
    }
}
