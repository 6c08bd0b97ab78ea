using Microsoft.Extensions.DependencyInjection;
using MorningAI.Cluster;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tests.Harness;
using Orleans.Runtime;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>What a silo's journal still vouches for, others having written meanwhile.</summary>
public sealed class KeptRecordsTests
{
    private const string Tag = "kept";

    [Fact]
    public async Task Kept_ReplacedOrRemovedByAnotherSilo_IsNotAmongIt()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "What is only in the other's journal yet cannot be known here.");
        await using var silos = await TestSilos.Start(silos: 2);
        var (one, other) = (Records(silos, 0), Records(silos, 1));
        await Write(one, "mine", 1);
        await Write(one, "replaced", 1);
        await Write(one, "removed", 1);
        await Write(one, "removed here", 1);
        await Write(other, "replaced", 2, writer: 2);
        await Write(other, "removed", 2, writer: 2, body: null);
        await Write(one, "removed here", 2, body: null);

        var kept = await one.Kept(Tag, CancellationToken.None);
        Assert.Equal(["mine", "removed here"], kept.Select(w => w.Key.Id).Order());
        Assert.Null(kept.Single(w => w.Key.Id == "removed here").Body);
    }

    [Fact]
    public async Task Kept_OfWhatASiloThatLeftHadWritten_IsItsLast()
    {
        await using var silos = await TestSilos.Start(silos: 2);
        var (one, other) = (Records(silos, 0), Records(silos, 1));
        var ids = Enumerable.Range(0, 300).Select(i => $"taken over {i}").ToArray();
        await Task.WhenAll(ids.Select(id => Write(one, id, 1)));
        await Task.WhenAll(ids.Select(id => Write(other, id, 2, writer: 2)));
        var gone = silos.Cluster.Silos[1].SiloAddress;
        await silos.Cluster.StopSiloAsync(silos.Cluster.Silos[1]);
        var services = silos.Cluster.Silos[0].ServiceProvider;
        services.GetRequiredService<AbsentJournals>().Saw(gone, SiloStatus.Dead, TimeProvider.System.GetUtcNow()); // as the membership table in Redis does

        // Its journal is gone with it: should Redis lose all of it now, nobody else could tell what it did.
        var journal = services.GetRequiredService<IJournal>();
        await Deadline.Until("the journal has the newest of all", TimeSpan.FromSeconds(60), () => Task.FromResult(ids.All(id => journal.Find(new RecordKey(Tag, "test", id))?.Write.Version == 2)));
    }

    /// <summary>Not sooner or later: the store may be emptied the moment after.</summary>
    [Fact]
    public async Task BeforeLeaving_WhatASiloDidToWhatAnotherKeeps_IsInThatOnesJournal()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "What is only in the other's journal yet cannot be known here.");
        await using var silos = await TestSilos.Start(silos: 2);
        var (one, other) = (Records(silos, 0), Records(silos, 1));
        var ids = Enumerable.Range(0, 300).Select(i => $"taken over {i}").ToArray();
        await Task.WhenAll(ids.Select(id => Write(one, id, 1)));
        await Task.WhenAll(ids.Select(id => Write(other, id, 2, writer: 2)));

        await silos.Cluster.Silos[1].ServiceProvider.GetRequiredService<JournalHandover>().BeforeLeaving(CancellationToken.None);

        var journal = silos.Cluster.Silos[0].ServiceProvider.GetRequiredService<IJournal>();
        Assert.All(ids, id => Assert.Equal(2, journal.Find(new RecordKey(Tag, "test", id))?.Write.Version));
    }

    /// <summary>Nobody else has it: not the store, and this silo's journal leaves with it.</summary>
    [Fact]
    public async Task BeforeLeaving_InAnOutage_WhatTheSiloDidIsInTheOthersJournalAndComesToTheStoreFromThere()
    {
        await using var silos = await TestSilos.Start(silos: 2);
        var (one, other) = (Records(silos, 0), Records(silos, 1));
        var ids = Enumerable.Range(0, 300).Select(i => $"handed over {i}").ToArray();
        await Task.WhenAll(ids.Select(id => Write(one, id, 1)));
        await silos.Redis.Kill();
        await Task.WhenAll(ids.Select(id => Write(other, id, 2, writer: 2)));
        await Write(other, "of nobody else", 1, writer: 2);

        await silos.Cluster.Silos[1].ServiceProvider.GetRequiredService<JournalHandover>().BeforeLeaving(CancellationToken.None);

        var journal = silos.Cluster.Silos[0].ServiceProvider.GetRequiredService<IJournal>();
        Assert.All(ids, id => Assert.Equal(2, journal.Find(new RecordKey(Tag, "test", id))?.Write.Version));
        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[1]);
        await silos.Redis.BeginEmpty();
        await Deadline.Until("the store has all of it", TimeSpan.FromSeconds(60), one.IsInStep);
        foreach (var id in ids)
            Assert.Equal(2, (await one.Read(new RecordKey(Tag, "test", id)))?.Header.Version);
        Assert.Equal(1, (await one.Read(new RecordKey(Tag, "test", "of nobody else")))?.Header.Version);
    }

    /// <summary>The journal has what was before it: a task that had ended was read as waiting, and stayed so to whoever asked.</summary>
    [Fact]
    public async Task Read_InAnOutage_FindsWhatTheStoreConfirmedAndTheDiskRefused()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "A write that the store does not take either is refused.");
        await using var silos = await TestSilos.Start();
        var records = Records(silos, 0);
        await Write(records, "ended", 1);
        silos.Faults.DiskFull = true;
        await Write(records, "ended", 2);
        await silos.Redis.Kill();

        Assert.Equal(2, (await records.Read(new RecordKey(Tag, "test", "ended")))?.Header.Version);
        Assert.Equal(2, RecordHeader.Read(records.FindHere(new RecordKey(Tag, "test", "ended"))).Version);
    }

    [Fact]
    public async Task Kept_OfATagThatNothingIsKeptOf_Nothing()
    {
        await using var silos = await TestSilos.Start();
        Assert.Empty(await Records(silos, 0).Kept("none", CancellationToken.None));
    }

    private static DurableRecords Records(TestSilos silos, int silo) => silos.Cluster.Silos[silo].ServiceProvider.GetRequiredService<DurableRecords>();

    private static Task Write(DurableRecords records, string id, long version, ulong writer = 1) => Write(records, id, version, writer, [1]);

    private static Task Write(DurableRecords records, string id, long version, byte[]? body) => Write(records, id, version, writer: 1, body);

    private static async Task Write(DurableRecords records, string id, long version, ulong writer, byte[]? body) => Assert.Equal(WriteResult.Stored, (await records.Write(new RecordWrite
    {
        Key = new RecordKey(Tag, "test", id),
        Version = version,
        Base = version - 1,
        Writer = writer,
        Body = body,
    })).Result);
}
