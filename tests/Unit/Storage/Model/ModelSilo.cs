using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster;
using MorningAI.Storage;
using MorningAI.Tasks;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Storage.Model;

/// <summary>The storage of one silo: its journal, which outlives it, and a stream, which does not; and what its grains remember.</summary>
internal sealed class ModelSilo : IAsyncDisposable
{
    public const string Tag = "default.0";

    public static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private static readonly PauseGuard NoPauses = new(Stand.In<IClusterMembershipService>((_, _) => ValueTask.CompletedTask), new StoreHealth(new FakeTimeProvider(), NullLogger<StoreHealth>.Instance), new FakeTimeProvider(), NullLogger<PauseGuard>.Instance);

    /// <summary>One for all: instruments of one name are compared with each other as they are made, and thousands of silos are.</summary>
    private static readonly StorageMetrics Metrics = new(Meters, new StoreHealth(new FakeTimeProvider(), NullLogger<StoreHealth>.Instance), []);

    private readonly ModelStore _store;
    private readonly Dictionary<RecordKey, Activation> _active = [];
    private StoreHealth _health = null!;
    private TagStream _stream = null!;

    public ModelSilo(ModelStore store)
    {
        _store = store;
        Begin();
    }

    public ModelJournal Journal { get; } = new();

    /// <summary>SIGKILL, and a new process with the same journal.</summary>
    /// <returns>Whether it is in step with the store again.</returns>
    public async Task<bool> Restart()
    {
        await DisposeAsync();
        Journal.Crash();
        _active.Clear();
        Begin();
        if (_store.Down || _store.LoseNextAnswer)
            return false;
        await CatchUp();
        return true;
    }

    /// <summary>What the prober does when the store answers again, or has forgotten.</summary>
    public async Task CatchUp()
    {
        _health.ProbeAnswered(TimeSpan.Zero);
        _stream.Resync();
        await _stream.WhenLive().WaitAsync(TimeSpan.FromSeconds(10));
        _health.CaughtUp();
    }

    /// <returns>Whether somebody was told that the task exists; null where nobody knows.</returns>
    public async Task<bool?> Create(RecordKey key, ulong writer)
    {
        try
        {
            var outcome = await Write(key, 1, 0, writer, TaskState.Queued);
            return outcome.Result is WriteResult.Stored or WriteResult.Repeated or WriteResult.Exists;
        }
        catch (StoreUnavailableException e)
        {
            return e.MayHaveLanded ? null : false;
        }
    }

    /// <returns>By whom, where somebody was told that the task is in that state; else null.</returns>
    public async Task<ulong?> Move(RecordKey key, TaskState to, ulong writer)
    {
        if (!_active.TryGetValue(key, out var task))
        {
            if (Load(key) is not { } header || header.State is not { } state)
                return null;
            _active[key] = task = new Activation(writer, header.Version, header.Version, state);
        }

        if (task.State.IsTerminal() || task.State == to)
            return null;
        _active[key] = task with { Version = task.Version + 1 };
        try
        {
            var outcome = await Write(key, task.Version + 1, task.Base, task.Writer, to);
            if (outcome.Result == WriteResult.Conflict)
            {
                _active.Remove(key);
                return null;
            }

            _active[key] = task with { Version = task.Version + 1, State = to };
            return task.Writer;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await _stream.Stop().WaitAsync(TimeSpan.FromSeconds(10));

    private void Begin()
    {
        _health = new StoreHealth(new FakeTimeProvider(), NullLogger<StoreHealth>.Instance);
        _stream = new TagStream(Tag, _store.For(Journal.Id), Journal, _health, NoPauses, new DurableStorageOptions { MaxBatch = 3 }, Metrics, () => { }, NullLogger.Instance);
    }

    private RecordHeader? Load(RecordKey key)
    {
        var here = _stream.IsLive ? null : Journal.Find(key)?.Write;
        if (_store.Down)
            return here is null ? null : Of(here);
        var there = _store.Header(key);
        return here is not null && (there is null || here.Version > there.Value.Version) ? Of(here) : there;
    }

    private static RecordHeader Of(RecordWrite write) => new(write.Version, write.Index!.Value.State, write.Writer);

    private Task<WriteOutcome> Write(RecordKey key, long version, long @base, ulong writer, TaskState state) =>
        _stream.Write(new RecordWrite { Key = key, Version = version, Base = @base, Writer = writer, Body = [1], Index = new IndexEntry(state, version) })
            .WaitAsync(TimeSpan.FromSeconds(10));

    private sealed record Activation(ulong Writer, long Base, long Version, TaskState State);
}
