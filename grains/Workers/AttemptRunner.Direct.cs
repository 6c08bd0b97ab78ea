using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>Attempts that are begun and ended on the task's record, without its grain: see <see cref="DirectAttempts"/>.</summary>
internal sealed partial class AttemptRunner
{
    /// <summary>A push that left before its queue knew that the task's grain is awake is here well within that.</summary>
    private static readonly TimeSpan PushTime = TimeSpan.FromMinutes(1);

    /// <summary>What was read before a slot was free counts for so long; in a drain it lies here for some 15 ms.</summary>
    private static readonly TimeSpan AheadLasts = TimeSpan.FromMilliseconds(100);

    private readonly ulong _writer = (ulong)Random.Shared.NextInt64();
    private readonly Recent<TaskId> _handedOver; // their grains are awake

    /// <inheritdoc cref="IWorkerGrain.Introduce"/>
    public void Introduce(PartitionId partition) => _direct.Renew(partition);

    /// <inheritdoc cref="IWorkerGrain.HandOver"/>
    public async Task<byte[]?> HandOver(TaskId id)
    {
        var ending = Task.CompletedTask;
        lock (_lock)
        {
            _handedOver.Add(id);
            if (_held.TryGetValue(id, out var held))
            {
                held.IsDirect = false;
                if (held.Direct is not { } direct)
                    return null;
                if (direct.Ending is null)
                    return new RecordHeader(direct.Version, direct.Running.State, _writer).Prepend(_serializer.SerializeToArray(direct.Running));
                ending = direct.Ending.Task;
            }
        }

        await ending;
        return LeftHere(id);
    }

    /// <summary>What the store may lack: in an outage of this silo alone its end is nowhere but here.</summary>
    private byte[] LeftHere(TaskId id) =>
        !_records.IsInStep(id.Partition) && _records.FindHere(RecordKey.Of(id)) is { Length: > RecordHeader.Length } record ? record : [];

    /// <summary>As the task's grain would: from the store, and with a write behind.</summary>
    /// <returns>Null where the grain is to begin it.</returns>
    private async ValueTask<AttemptBegun?> TryBeginDirectly(HeldTask held)
    {
        var begun = held.IsDirect ? await Read(held) : null;
        lock (_lock)
        {
            held.IsDirect &= begun is not null; // or else its grain woke up meanwhile
            if (!held.IsDirect)
                return null;
            held.Direct = begun;
        }

        WriteBegun(held.Id, begun!);
        return TaskRules.Begun(begun!.Running, []);
    }

    private void WriteBegun(TaskId id, DirectAttempt begun) =>
        _records.WriteBehind(RecordKey.Of(id), () => ToWrite(id, begun, begun.Version, begun.Running));

    /// <summary>A slot then has its handler to wait for, and not the store.</summary>
    private void ReadAhead(HeldTask held)
    {
        if (held is { IsDirect: true, Fresh: null, IsStoreTrue: true } && _health.State == StoreState.Healthy)
            held.Ahead = _records.Read(RecordKey.Of(held.Id)).AsTask();
    }

    /// <summary>Begins what waits for nothing. Whatever else is with it is its grain's to say.</summary>
    private async ValueTask<DirectAttempt?> Read(HeldTask held)
    {
        var id = held.Id;
        try
        {
            var isStoreTrue = IsStoreTrue(held);
            if (isStoreTrue && held.Fresh is { } fresh)
                return Begin(id, fresh.Task, stored: 1);
            var ahead = _time.GetElapsedTime(held.AcceptedAt) < AheadLasts ? held.Ahead : null;
            var read = isStoreTrue ? await (ahead ?? _records.Read(RecordKey.Of(id)).AsTask())
                : _direct.IsOutageCommon ? await _records.ReadFromAll(RecordKey.Of(id))
                : null;
            return read is { MayBeOld: false } stored && _serializer.Deserialize(stored.Body) is { } task
                ? Begin(id, task, stored.Header.Version)
                : null;
        }
        catch (Exception)
        {
            return null; // its grain reads it again, and knows what to do with a damaged one
        }
    }

    /// <summary>What is read is the newest there is.</summary>
    private bool IsStoreTrue(HeldTask held) => held.IsStoreTrue && (_health.State == StoreState.Healthy || _direct.IsAlone);

    private DirectAttempt? Begin(TaskId id, TaskRecord task, long stored)
    {
        var now = _time.GetUtcNow();
        if (!TaskRules.MayBegin(task, now) || TaskRules.IsOverdue(task, now) || task.Marks is { Follows.Length: > 0 } || _limits.Of(id.Queue, task.Kind, task.Marks?.LimitKey).Length > 0)
            return null;
        return new DirectAttempt(TaskRules.Begin(task, Worker, now), stored);
    }

    /// <returns>Null where its grain is to be told: it is awake, or the store did not take the end as the one that counts.</returns>
    private async Task<CompleteOutcome?> TryEndDirectly(HeldTask held, AttemptResult result)
    {
        DirectAttempt direct;
        lock (_lock)
        {
            // What was said at the end somebody may be about to listen to.
            if (held is not { IsDirect: true, Direct: { } begun } || result.Said is not null)
            {
                held.IsDirect = false;
                return null;
            }

            direct = begun;
            direct.Ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            var next = TaskRules.End(direct.Running, result, _time.GetUtcNow(), Random.Shared.NextDouble());
            var outcome = await _records.Write(ToWrite(held.Id, direct, direct.Version + 1, next));
            // What this silo's journal alone has, others who read the store would not find but by way of its grain.
            var isAhead = outcome.Durability == Durability.Journal && !_direct.IsAlone;
            return outcome.Result is WriteResult.Stored or WriteResult.Repeated && (!isAhead || _direct.IsOutageCommon)
                ? new CompleteOutcome(true, next.State) { DueAt = next.State == TaskState.Scheduled ? next.DueAt : null, IsBehind = isAhead }
                : null;
        }
        catch (Exception e)
        {
            LogNotSettled(held.Id, direct.Running.Current!.Value, e.Message, TimeSpan.Zero);
            return null; // whether it landed the grain finds out
        }
        finally
        {
            lock (_lock)
                held.IsDirect = false;
            direct.Ending.SetResult();
        }
    }

    private RecordWrite ToWrite(TaskId id, DirectAttempt attempt, long version, TaskRecord task) => new()
    {
        Key = RecordKey.Of(id),
        Version = version,
        Base = attempt.Base,
        Writer = _writer,
        Body = _serializer.SerializeToArray(task),
        Index = task.Index,
    };
}
