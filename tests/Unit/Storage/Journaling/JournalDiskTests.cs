using System.Threading.Channels;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using static MorningAI.Tests.Unit.Storage.Journaling.JournalBench;

namespace MorningAI.Tests.Unit.Storage.Journaling;

public sealed class JournalDiskTests : IDisposable
{
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
    public async Task TakesAgain_AfterARefusal_NamesWhatTheStoreConfirmedMeanwhile()
    {
        var journal = _bench.Open(new JournalOptions { MaxBytes = 256 * 1024 });
        var missed = new TaskCompletionSource<IReadOnlyList<RecordWrite>>();
        var written = new TaskCompletionSource();
        journal.TakesAgain += writes =>
        {
            missed.SetResult(writes);
            return written.Task;
        };
        await journal.Append(Write("a", "first")).Durable.InTime();
        var large = new string('x', 1024 * 1024);
        foreach (var (name, version, isStored) in new[] { ("stored", 1, true), ("stored", 2, true), ("refused", 1, false) })
        {
            var ticket = journal.Append(Write("a", name, version, body: large));
            if (isStored)
                ticket.IsStored();
            await Assert.ThrowsAsync<JournalUnavailableException>(() => ticket.Durable.InTime());
        }

        Assert.Equal(2, journal.FindMissed(Key("a", "stored"))?.Version);
        Assert.Null(journal.FindMissed(Key("a", "refused")));
        await journal.Append(Write("a", "last")).Durable.InTime();

        var again = Assert.Single(await missed.Task.InTime());
        Assert.Equal((Key("a", "stored"), 2), (again.Key, again.Version));
        Assert.Same(again, journal.FindMissed(again.Key)); // until it is written
        written.SetResult();
        await _bench.Passes(TimeSpan.Zero, () => journal.FindMissed(again.Key) is null, "it is written");
    }

    /// <summary>The disk took a small commit, and not what was named then.</summary>
    [Fact]
    public async Task TakesAgain_WhatWasMissedOnceMore_IsNamedOnceMore()
    {
        var journal = _bench.Open(new JournalOptions { MaxBytes = 256 * 1024 });
        var named = Channel.CreateUnbounded<IReadOnlyList<RecordWrite>>();
        journal.TakesAgain += writes =>
        {
            named.Writer.TryWrite(writes);
            return Task.CompletedTask;
        };
        var ticket = journal.Append(Write("a", "stored", 2, body: new string('x', 1024 * 1024)));
        ticket.IsStored();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => ticket.Durable.InTime());
        await journal.Append(Write("a", "first")).Durable.InTime();
        var missed = Assert.Single(await named.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime());

        journal.Missed(missed);
        journal.Missed(Write("a", "stored", 1)); // an older one of the same key
        await journal.Append(Write("a", "second")).Durable.InTime();
        Assert.Equal(missed, Assert.Single(await named.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime()));
    }

    [Fact]
    public async Task Append_DiskFull_LeavesTheRecordBefore()
    {
        var journal = _bench.Open(new JournalOptions { MaxBytes = 256 * 1024 });
        var small = journal.Append(Write("a", "one", version: 1));
        await small.Durable.InTime();
        var large = journal.Append(Write("a", "one", version: 2, body: new string('x', 1024 * 1024)));

        await Assert.ThrowsAsync<JournalUnavailableException>(() => large.Durable.InTime());
        Assert.Equal(small.Seq, journal.Find(Key("a", "one"))!.Value.Seq);
        await journal.Append(Write("a", "one", version: 3)).Durable.InTime();
    }
}
