using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage.Model;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Storage;

/// <summary>Whether a silo that leaves waits for the others, and for how long.</summary>
public sealed class JournalHandoverTests
{
    private static readonly SiloAddress Own = SiloAddress.New(IPEndPoint.Parse("10.0.0.1:11111"), 1);

    private readonly FakeTimeProvider _time = new(Given.Now);
    private readonly ModelJournal _journal = new();
    private readonly StoreHealth _health;
    private readonly JournalHandover _handover;
    private ImmutableDictionary<SiloAddress, ClusterMember> _members = ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(Own, new ClusterMember(Own, SiloStatus.Active, "own"));
    private Func<string, Task<bool>> _takeOver = _ => Task.FromResult(true);
    private Func<string, HandedRecord[], Task<bool>> _keep = (_, _) => Task.FromResult(true);
    private readonly List<string> _asked = [];

    public JournalHandoverTests()
    {
        var local = Stand.In<ILocalSiloDetails>((method, _) => method.Name == "get_Name" ? "own" : Own);
        var cluster = new ClusterView(Stand.In<IClusterMembershipService>((_, _) => new ClusterMembershipSnapshot(_members, new MembershipVersion(1))), local);
        var grains = Stand.Grains((_, name) => Stand.In<IPeerJournalGrain>((method, arguments) =>
        {
            if (method.Name == nameof(IPeerJournalGrain.Keep))
                return _keep(name, (HandedRecord[])arguments[1]!);
            Assert.Equal("own", arguments.Single());
            _asked.Add(name);
            return _takeOver(name);
        }));
        _health = new StoreHealth(_time, NullLogger<StoreHealth>.Instance);
        _handover = new JournalHandover(grains, cluster, _health, _journal, local, _time, NullLogger<JournalHandover>.Instance);
    }

    [Fact]
    public async Task BeforeLeaving_NoOtherSilo_AsksNobody()
    {
        await Leave().InTime();
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task BeforeLeaving_OthersLive_EachIsAskedAndDeadOnesAreNot()
    {
        Add(2, SiloStatus.Active);
        Add(3, SiloStatus.Active);
        Add(4, SiloStatus.Dead);
        await Leave().InTime();
        Assert.Equal(["silo-2", "silo-3"], _asked.Order());
    }

    /// <summary>Its disk was full a moment ago, say: soon it is not.</summary>
    [Fact]
    public async Task BeforeLeaving_OneHasNotAll_IsAskedAgainAlone()
    {
        Add(2, SiloStatus.Active);
        Add(3, SiloStatus.Active);
        _takeOver = name => Task.FromResult(name != "silo-3" || _asked.Count(n => n == name) >= 3);
        var leave = Leave();
        await Until.Passes(_time, TimeSpan.FromMilliseconds(100), () => leave.IsCompleted, "it leaves");
        await leave;
        Assert.Equal(["silo-2", "silo-3", "silo-3", "silo-3"], _asked.Order());
    }

    [Fact]
    public async Task BeforeLeaving_OneDoesNotAnswer_IsNotForLong()
    {
        Add(2, SiloStatus.Active);
        _takeOver = _ => new TaskCompletionSource<bool>().Task;
        var leave = Leave();
        await Until.Passes(_time, TimeSpan.FromSeconds(1), () => leave.IsCompleted, "it leaves");
        await leave;
        Assert.InRange(_time.GetUtcNow() - Given.Now, JournalHandover.Patience, JournalHandover.Patience * 2);
    }

    /// <summary>Only the first that takes it is given what the store does not have: one more journal is enough.</summary>
    [Fact]
    public async Task BeforeLeaving_Outage_WhatTheStoreLacksIsKeptByAnother()
    {
        Add(2, SiloStatus.Active);
        Add(3, SiloStatus.Active);
        Append(bytes: 1);
        _journal.Confirm(ModelSilo.Tag, 1);
        Append(bytes: 1);
        Append(bytes: 1);
        _health.CallFailed(StoreFault.Unreachable);
        var kept = new Dictionary<string, int>();
        _keep = (name, records) =>
        {
            kept[name] = kept.GetValueOrDefault(name) + records.Length;
            return Task.FromResult(kept.Count > 1); // the first one's disk is full
        };

        await Leave().InTime();

        Assert.Equal([2, 2], kept.Values);
    }

    [Fact]
    public async Task BeforeLeaving_OutageAndLargeRecords_AMessageIsBounded()
    {
        Add(2, SiloStatus.Active);
        for (var i = 0; i < 6; i++)
            Append(HandedRecord.MostBytes / 2);
        _health.CallFailed(StoreFault.Unreachable);
        List<int> kept = [];
        _keep = (_, records) =>
        {
            kept.Add(records.Length);
            return Task.FromResult(true);
        };

        await Leave().InTime();

        Assert.Equal([2, 2, 2], kept);
    }

    /// <summary>This silo gives it what it has: nobody else needs to.</summary>
    [Fact]
    public async Task BeforeLeaving_TheStoreIsJustBack_WaitsUntilItHasAll()
    {
        Add(2, SiloStatus.Active);
        Append(bytes: 1);
        _keep = (_, _) => throw new InvalidOperationException("It is not to be given away.");
        _health.CallFailed(StoreFault.Unreachable);
        _health.ProbeAnswered(TimeSpan.Zero);
        Assert.Equal(StoreState.Recovering, _health.State);
        var leave = Leave();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(leave.IsCompleted);

        _health.CaughtUp();
        await Until.Passes(_time, TimeSpan.FromMilliseconds(100), () => leave.IsCompleted, "it leaves");
        await leave;
    }

    private void Append(int bytes) => _journal.Append(new RecordWrite
    {
        Key = RecordKey.Of(new TaskId(Given.Partition, Guid.NewGuid())),
        Version = 1,
        Base = 0,
        Writer = 1,
        Body = new byte[bytes],
        Index = new IndexEntry(TaskState.Queued, 1),
    }, acknowledged: true);

    private Task Leave() => _handover.BeforeLeaving(TestContext.Current.CancellationToken);

    private void Add(int number, SiloStatus status)
    {
        var silo = SiloAddress.New(IPEndPoint.Parse($"10.0.0.{number}:11111"), 1);
        _members = _members.Add(silo, new ClusterMember(silo, status, $"silo-{number}"));
    }
}
