using System.Text;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using static MorningAI.Tests.Unit.Storage.Journaling.JournalBench;

namespace MorningAI.Tests.Unit.Storage.Journaling;

public sealed class SqliteJournalTests : IDisposable
{
    /// <summary>Longer than any test waits.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly JournalBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Append_OnDisk_IsReadAsItWasWritten()
    {
        var journal = _bench.Open();
        var write = Write("a", "one", version: 3, writer: ulong.MaxValue, from: 2, state: TaskState.Running, body: "what it says");
        var ticket = journal.Append(write);
        await ticket.Durable.InTime();

        var read = Assert.Single(journal.Read("a", 0, 10));
        Assert.Equal(ticket.Seq, read.Seq);
        Assert.Equal((write.Key, 3, 2, ulong.MaxValue), (read.Write.Key, read.Write.Version, read.Write.Base, read.Write.Writer));
        Assert.Equal(new IndexEntry(TaskState.Running, 42), read.Write.Index);
        Assert.Equal("what it says", Encoding.UTF8.GetString(read.Write.Body!));
        Assert.Equal(ticket.Seq, journal.LastSeqOf("a"));
        Assert.Equal(["a"], journal.Tags());
    }

    [Fact]
    public async Task Append_TaskAndDeletionAndEmptyBody_ComeBackAsTheyWere()
    {
        var journal = _bench.Open();
        var task = RecordKey.Of(Given.Id());
        journal.Append(new RecordWrite { Key = task, Version = 1, Base = 0, Writer = 1, Body = [], Index = new IndexEntry(TaskState.Queued, -7) });
        await journal.Append(Write("a", "gone", version: 2, body: null)).Durable.InTime();

        Assert.Empty(journal.Find(task)!.Value.Write.Body!);
        Assert.Equal(-7, journal.Find(task)!.Value.Write.Index!.Value.Score);
        Assert.Null(journal.Find(Key("a", "gone"))!.Value.Write.Body);
    }

    [Fact]
    public async Task ReadUnfinished_PageByPage_NewestFirst_AndNoEnds()
    {
        var journal = _bench.Open();
        foreach (var (id, state) in new (string, TaskState?)[] { ("1", TaskState.Queued), ("2", TaskState.Succeeded), ("3", TaskState.Running), ("4", null), ("5", TaskState.Dead) })
            journal.Append(Write("a", id, state: state));
        await journal.Append(Write("b", "another's", state: TaskState.Queued)).Durable.InTime();
        await journal.Append(Write("a", "6", body: null)).Durable.InTime();

        var first = journal.ReadUnfinished("a", long.MaxValue, 2);
        Assert.Equal(["6", "4"], first.Select(e => e.Write.Key.Id));
        var second = journal.ReadUnfinished("a", first[^1].Seq, 2);
        Assert.Equal(["3", "1"], second.Select(e => e.Write.Key.Id));
        Assert.Empty(journal.ReadUnfinished("a", second[^1].Seq, 2));
        Assert.Empty(journal.ReadUnfinished("none", long.MaxValue, 2));
    }

    /// <summary>Most tasks end soon: what came before is not worth a place in the file, where it would be dropped again.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task Append_ReplacedBeforeTheCommit_IsWrittenOnlyWhereTheStoreHasNotConfirmedTheLater(bool isStored, int rows)
    {
        var journal = _bench.Open(new JournalOptions { Linger = Long });
        var first = journal.Append(Write("a", "one", version: 1, writer: 1));
        var last = journal.Append(Write("a", "one", version: 2, writer: 2, from: 1));
        if (isStored)
            last.IsStored();

        await first.Durable.InTime();
        await last.Durable.InTime();
        Assert.Equal(rows, journal.Read("a", 0, 10).Count);
        Assert.Equal(rows, journal.Stats().Records);
        Assert.Equal(last.Seq, journal.LastSeqOf("a"));
    }

    [Fact]
    public async Task Durable_OfMoreThanOneCommitTakes_IsNotLeftToGather()
    {
        var journal = _bench.Open(new JournalOptions { Linger = Long, MaxBatch = 4 });
        var tickets = Enumerable.Range(0, 6).Select(i => journal.Append(Write("a", $"{i}"))).ToArray();
        await tickets[^1].Durable.InTime();
        Assert.Equal(6, journal.Stats().Records);
    }

    [Fact]
    public async Task Append_ManyOrLarge_AreNotLeftToGather()
    {
        var journal = _bench.Open(new JournalOptions { Linger = Long, MaxBatch = 4 });
        for (var i = 0; i < 4; i++)
            journal.Append(Write("a", $"{i}"));
        await Until.True(() => journal.LastSeqOf("a") == 4, "enough for a commit");
        journal.Append(Write("b", "large", body: new string('x', (int)PendingWork.EnoughBytes)));
        await Until.True(() => journal.LastSeqOf("b") == 5, "large enough for one");
    }

    [Fact]
    public void Find_NotOnDiskYet_IsFound()
    {
        var journal = _bench.Open();
        var ticket = journal.Append(Write("a", "one"));

        Assert.Equal(ticket.Seq, journal.Find(Key("a", "one"))!.Value.Seq);
        Assert.Null(journal.Find(Key("a", "two")));
        Assert.Null(journal.Find(Key("b", "one")));
    }

    [Fact]
    public async Task Find_RefusedByTheStore_IsNotFoundFromThatMoment()
    {
        var journal = _bench.Open();
        var mine = journal.Append(Write("a", "one", version: 1, writer: 1));
        await journal.Append(Write("a", "one", version: 3, writer: 2)).Durable.InTime();
        var theirs = journal.Append(Write("a", "one", version: 4, writer: 2)); // on its way
        journal.Drop(Key("a", "one"), theirs.Seq - 1);
        journal.Drop(Key("a", "one"), theirs.Seq);
        journal.Confirm("a", theirs.Seq);

        Assert.Equal(mine.Seq, journal.Find(Key("a", "one"))!.Value.Seq);
        await theirs.Durable.InTime();
        Assert.Equal(mine.Seq, journal.Find(Key("a", "one"))!.Value.Seq);
    }

    [Fact]
    public async Task Find_WhileItIsReplacedAgainAndAgain_IsNeverMissed()
    {
        var journal = _bench.Open();
        await journal.Append(Write("a", "one", version: 1)).Durable.InTime();
        var writing = Task.Run(Replace, TestContext.Current.CancellationToken);

        long last = 0;
        while (!writing.IsCompleted)
        {
            var found = journal.Find(Key("a", "one"));
            Assert.NotNull(found);
            Assert.True(found.Value.Write.Version >= last, "it went back");
            last = found.Value.Write.Version;
        }

        await writing;

        async Task Replace()
        {
            for (var version = 2; version < 300; version++)
                await journal.Append(Write("a", "one", version)).Durable.InTime();
        }
    }

    [Fact]
    public async Task Read_SameWriterWroteAgain_GivesTheNewestOnly()
    {
        var journal = _bench.Open();
        journal.Append(Write("a", "one", version: 1));
        journal.Append(Write("a", "two", version: 1));
        var newest = journal.Append(Write("a", "one", version: 2));
        await newest.Durable.InTime();

        Assert.Equal(["two", "one"], journal.Read("a", 0, 10).Select(e => e.Write.Key.Id));
        Assert.Equal(newest.Seq, Assert.Single(journal.Read("a", newest.Seq - 1, 10)).Seq);
        Assert.Equal("two", Assert.Single(journal.Read("a", 0, 1)).Write.Key.Id);
    }

    [Fact]
    public async Task Append_CreateOverAnotherWriters_TheEarlierCountsUntilTheStoreSaysOtherwise()
    {
        var journal = _bench.Open();
        var kept = journal.Append(Write("a", "one", version: 5, writer: 1));
        var created = journal.Append(Write("a", "one", version: 1, writer: 2));
        await created.Durable.InTime();

        Assert.Equal(kept.Seq, journal.Find(Key("a", "one"))!.Value.Seq);
        Assert.Equal([kept.Seq, created.Seq], journal.Read("a", 0, 10).Select(e => e.Seq));

        journal.Confirm("a", created.Seq);
        Assert.Equal(created.Seq, journal.Find(Key("a", "one"))!.Value.Seq);
        await _bench.Passes(TimeSpan.FromSeconds(1), () => journal.Read("a", 0, 10).Count == 1, "the earlier is gone");
        Assert.Equal(created.Seq, Assert.Single(journal.Read("a", 0, 10)).Seq);
    }

    [Fact]
    public async Task Drop_OfARefusedWrite_LeavesTheEarlierOne()
    {
        var journal = _bench.Open();
        var kept = journal.Append(Write("a", "one", version: 5, writer: 1));
        var refused = journal.Append(Write("a", "one", version: 1, writer: 2));
        await refused.Durable.InTime();
        journal.Drop(Key("a", "one"), refused.Seq);
        journal.Confirm("a", refused.Seq);

        await Until.True(() => journal.Read("a", 0, 10).Count == 1, "it is dropped");
        Assert.Equal(kept.Seq, journal.LastSeqOf("a"));
    }

    [Fact]
    public async Task Drop_WrittenAgainSince_DropsNothing()
    {
        var journal = _bench.Open();
        var first = journal.Append(Write("a", "one", version: 1));
        var second = journal.Append(Write("a", "one", version: 2));
        var other = journal.Append(Write("a", "other"));
        await other.Durable.InTime();
        journal.Drop(Key("a", "one"), first.Seq);
        journal.Drop(Key("a", "other"), other.Seq);

        await Until.True(() => journal.Find(Key("a", "other")) is null, "the other is dropped");
        Assert.Equal(second.Seq, journal.Find(Key("a", "one"))!.Value.Seq);
    }

    [Fact]
    public async Task Dispose_ThenOpen_GoesOnWhereItEnded()
    {
        Guid id;
        long last;
        using (var journal = _bench.Open())
        {
            id = journal.Id;
            journal.Append(Write("a", "one"));
            last = journal.Append(Write("a", "two")).Seq;
            journal.Confirm("a", last);
        }

        var again = _bench.Open();
        Assert.Equal(id, again.Id);
        Assert.Equal(last, again.Confirmed("a"));
        Assert.Equal(2, again.Read("a", 0, 10).Count);
        Assert.Equal(last + 1, again.Append(Write("a", "three")).Seq);
        await again.WhenSettled(last + 1).InTime();
    }

    [Fact]
    public async Task Append_AfterACrash_NeverUsesANumberAgain()
    {
        var journal = _bench.Open();
        await journal.Append(Write("a", "one")).Durable.InTime();
        using var after = _bench.Crash();
        // The store may have seen these, though the disk has not.
        var lost = Enumerable.Range(0, 1000).Select(i => journal.Append(Write("a", $"lost-{i}"))).Last();

        var again = after.Open();
        Assert.Equal("one", Assert.Single(again.Read("a", 0, 10)).Write.Key.Id);
        Assert.True(again.Append(Write("a", "next")).Seq > lost.Seq);
    }

    [Fact]
    public async Task Confirmed_AfterACrash_IsNeverHigher()
    {
        var journal = _bench.Open();
        var ticket = journal.Append(Write("a", "one"));
        await ticket.Durable.InTime();
        journal.Confirm("a", ticket.Seq);
        using var after = _bench.Crash();

        Assert.InRange(after.Open().Confirmed("a"), 0, ticket.Seq);
    }

    [Fact]
    public async Task WhenSettled_OfAllThatWasAppended_CompletesWhenItIsOnDisk()
    {
        var journal = _bench.Open(new JournalOptions { MaxBatch = 10 });
        var tickets = Enumerable.Range(0, 100).Select(i => journal.Append(Write("a", $"{i}"))).ToArray();
        await journal.WhenSettled(tickets[50].Seq).InTime();
        Assert.True(journal.LastSeqOf("a") >= tickets[50].Seq);

        await journal.WhenSettled(long.MaxValue).InTime();
        Assert.Equal(tickets[^1].Seq, journal.LastSeqOf("a"));
        Assert.All(tickets, t => Assert.True(t.Durable.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Append_FromManyThreads_AllAreOnDisk()
    {
        var journal = _bench.Open();
        var tickets = await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() => Enumerable.Range(0, 250).Select(i => journal.Append(Write($"tag-{i % 3}", $"{t}-{i}"))).ToArray()))).InTime();
        await Task.WhenAll(tickets.SelectMany(t => t).Select(t => t.Durable)).InTime();

        Assert.Equal(2000, tickets.SelectMany(t => t).Select(t => t.Seq).Distinct().Count());
        Assert.Equal(2000, journal.Tags().Sum(t => journal.Read(t, 0, 5000).Count));
        Assert.Equal(2000, journal.Stats().Records);
    }

    [Fact]
    public async Task Stats_SomeConfirmed_CountTheRestAndItsAge()
    {
        var journal = _bench.Open();
        var first = journal.Append(Write("a", "one"));
        journal.Append(Write("a", "two"));
        await journal.Append(Write("b", "one")).Durable.InTime();
        journal.Confirm("a", first.Seq);
        _bench.Time.Advance(TimeSpan.FromSeconds(90));

        var stats = journal.Stats();
        Assert.Equal((3, 2), (stats.Records, stats.Waiting));
        Assert.Equal(TimeSpan.FromSeconds(90), stats.OldestWaiting);
        Assert.Equal(3, stats.Activity!.Committed);
    }

    [Fact]
    public async Task Quarantine_WhatCannotBeRead_IsShownWhileTheJournalIsOpen()
    {
        var journal = _bench.Open();
        journal.Quarantine(Key("a", "odd"), [1, 2, 3], "no task");
        await Until.True(() => JournalInspector.Quarantine(_bench.File).Count == 1, "it is kept");

        var entry = JournalInspector.Quarantine(_bench.File).Single();
        Assert.Equal(("a/grain/odd", "no task"), (entry.Key, entry.Reason));
        Assert.Equal([1, 2, 3], entry.Bytes);
        Assert.Equal(1, JournalInspector.Inspect(_bench.File, _bench.Time).Stats.Quarantined);
    }

    [Fact]
    public void Append_AfterDispose_IsRefused()
    {
        var journal = _bench.Open();
        journal.Dispose();

        Assert.Throws<JournalUnavailableException>(() => journal.Append(Write("a", "late")));
    }
}
