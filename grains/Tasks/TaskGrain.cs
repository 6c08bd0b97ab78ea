using Microsoft.Extensions.Logging;
using MorningAI.Intake;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Workers;
using Orleans.Placement;
using Orleans.Serialization;

namespace MorningAI.Tasks;

/// <summary>
/// One task. Loaded when first asked, so a new id costs no read. Every change is durable before it is visible, but one:
/// the start of an attempt is written behind, because losing it only means that the attempt is fenced and run again.
/// </summary>
[PreferLocalPlacement] // first needed by the worker that runs it, and then beside it
[CollectionAgeLimit(Minutes = 2)]
internal sealed partial class TaskGrain : Grain, ITaskGrain
{
    /// <summary>Under Orleans' response timeout of 30 s, with room for a busy silo.</summary>
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(20);

    /// <summary>An outage and its replay are over by then; if not, the next change delays again.</summary>
    private static readonly TimeSpan KeepWhatOnlyTheJournalHas = TimeSpan.FromMinutes(60);

    private readonly IDurableRecords _records;
    private readonly Serializer<TaskRecord> _serializer;
    private readonly KeptTasks _kept;
    private readonly DirectAttempts _direct;
    private readonly LimitBook _limits;
    private readonly TimeProvider _time;
    private readonly ILogger<TaskGrain> _logger;
    private readonly TaskId _id;
    private readonly RecordKey _key;
    private readonly ulong _writer = (ulong)Random.Shared.NextInt64();

    private TaskRecord? _task;
    private long _version; // the last one tried
    private long _shown; // the one that _task is
    private TaskProgress? _progress;
    private int _progressCount;
    private TaskCompletionSource? _changed;

    public TaskGrain(IDurableRecords records, Serializer<TaskRecord> serializer, KeptTasks kept, DirectAttempts direct, LimitBook limits, TimeProvider time, ILogger<TaskGrain> logger)
    {
        _records = records;
        _serializer = serializer;
        _kept = kept;
        _direct = direct;
        _limits = limits;
        _time = time;
        _logger = logger;
        _id = TaskId.Parse(this.GetPrimaryKeyString());
        _key = RecordKey.Of(_id);
    }

    /// <summary>Grows with every stored version, and between them with progress.</summary>
    private long Revision => (_shown << 20) + _progressCount;

    public async Task<TaskSnapshot?> Get()
    {
        await Load();
        await ExpireWhereOverdue();
        return Snapshot();
    }

    public async Task<byte[]?> GetPayload()
    {
        await Load();
        return _task is { IsDeleted: false } task ? task.Payload : null;
    }

    public async Task<TaskSnapshot?> Watch(long after, TimeSpan atMost)
    {
        await Load();
        if (_task is { } task && !task.State.IsTerminal() && Revision == after)
        {
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await WhenOrAfter(_changed, TimeSpan.FromTicks(Math.Min(atMost.Ticks, TimeLeft(task).Ticks)));
        }

        await ExpireWhereOverdue();

        return Snapshot();
    }

    public async Task<CancelOutcome> Cancel(string? reason)
    {
        await Load();
        if (_task is not { } task)
            return new CancelOutcome(false, null);
        if (task.State.IsTerminal())
            return new CancelOutcome(false, Snapshot());

        await Save(TaskRules.Cancel(task, reason, _time.GetUtcNow()));
        if (task.Current is { } attempt)
            Tell(GrainFactory.GetWorker(attempt.Worker.Name).Cancel(_id), "the worker");
        else
            Tell(GrainFactory.GetPartition(_id.Partition).Remove(_id.Unique), "the queue");
        return new CancelOutcome(true, Snapshot());
    }

    public async Task KeyVerified()
    {
        await Load();
        if (_task is not { State: TaskState.Blocked, BlockedBy: TaskRules.UnverifiedKey } task)
            return;
        await Save(TaskRules.Unblock(task, _time.GetUtcNow()));
        await GrainFactory.GetPartition(_id.Partition).Enqueue([new QueueEntry(_id.Unique, task.Rank) { IsLater = _task!.State == TaskState.Scheduled }]);
    }

    public async Task Expire()
    {
        await Load();
        var now = _time.GetUtcNow();
        if (_task is not { } task || !TaskRules.IsOverdue(task, now))
            return;
        await Save(TaskRules.Expire(task, now));
        Tell(GrainFactory.GetPartition(_id.Partition).Remove(_id.Unique), "the queue");
    }

    public async Task<DeleteOutcome> Delete()
    {
        await Load();
        if (_task is not { IsDeleted: false } task)
            return new DeleteOutcome(false, null);
        if (!task.State.IsTerminal())
            return new DeleteOutcome(false, task.State);
        await Save(TaskRules.Delete(task));
        return new DeleteOutcome(true, task.State);
    }

    public async Task<RetryOutcome> Retry()
    {
        await Load();
        switch (_task)
        {
            case { IsDeleted: true }:
                return new RetryRefused(null);
            case { State: TaskState.Scheduled } waiting:
                await Save(TaskRules.Ready(waiting, _time.GetUtcNow(), "not waited for any longer, on request"));
                await GrainFactory.GetPartition(_id.Partition).Remove(_id.Unique);
                await GrainFactory.GetPartition(_id.Partition).Enqueue([new QueueEntry(_id.Unique, waiting.Rank)]);
                return new RetryHastened(Snapshot()!);
            case { State: TaskState.Failed or TaskState.Dead or TaskState.Cancelled } ended:
                var outcomes = await GrainFactory.GetIntake().Submit([Resubmission.Of(_id, ended)]);
                return new RetryResubmitted(outcomes[0]);
            default:
                return new RetryRefused(Snapshot());
        }
    }

    /// <summary>Of the store, which may not show what it is now.</summary>
    private bool IsAhead => !_records.IsInStep(_id.Partition);

    /// <summary>For whoever looks: what waits past its deadline has failed, also before a worker comes upon it. A call of its own, since reads interleave and writes must not.</summary>
    private ValueTask ExpireWhereOverdue() =>
        _task is { } task && TaskRules.IsOverdue(task, _time.GetUtcNow()) ? new(this.AsReference<ITaskGrain>().Expire()) : default;

    private TimeSpan TimeLeft(TaskRecord task) =>
        task.Deadline is { } deadline && task.State != TaskState.Running && deadline - _time.GetUtcNow() is var left && left < LongestWatch ? left : LongestWatch;

    private TaskSnapshot? Snapshot() => _task is { IsDeleted: true } ? null : _task?.ToSnapshot(_id, Revision, _task.State == TaskState.Running ? _progress : null);

    /// <summary>Durable when it returns; only then is the change applied.</summary>
    private async Task Save(TaskRecord next)
    {
        var write = ToWrite(next);
        var outcome = await _records.Write(write);
        if (outcome.Result == WriteResult.Conflict)
        {
            // Another activation of this task lives, or lived and wrote: what this one remembers is out of date.
            LogConflict(_id, _version);
            DeactivateOnIdle();
            throw new StoreUnavailableException($"Task {_id} was changed from elsewhere at the same moment. Try again.");
        }

        Apply(next, write.Version, outcome.Durability);
    }

    private RecordWrite ToWrite(TaskRecord next) => new()
    {
        Key = _key,
        Version = ++_version,
        Base = _loadedVersion,
        Writer = _writer,
        Body = _serializer.SerializeToArray(next),
        Index = next.Index,
    };

    private void Apply(TaskRecord next, long version, Durability durability)
    {
        if (_task is { State: TaskState.Running } running && next.State != TaskState.Running)
            LeaveLimits(running);
        _task = next;
        _mayBeOld = false; // should the store have a newer one, it refuses this
        _shown = version;
        _progress = next.State == TaskState.Running ? _progress : null;
        _keptTrail = next.Trail;
        Changed();
        if (durability == Durability.Journal)
            StayUntilStored();

        if (next.State.IsTerminal())
        {
            TellFollowers();
            LeaveOnceHeard(stay: durability == Durability.Journal);
        }
    }

    /// <summary>Another activation would read what the store had before the outage.</summary>
    private void StayUntilStored()
    {
        DelayDeactivation(KeepWhatOnlyTheJournalHas);
        if (_task!.State.IsTerminal())
            _kept.Keep(((IGrainBase)this).GrainContext);
    }

    private void Changed()
    {
        _changed?.SetResult();
        _changed = null;
        Wake();
    }

    private async Task WhenOrAfter(TaskCompletionSource happened, TimeSpan atMost)
    {
        try
        {
            await happened.Task.WaitAsync(TimeSpan.FromTicks(Math.Clamp(atMost.Ticks, 0, LongestWatch.Ticks)), _time);
        }
        catch (TimeoutException)
        {
            // Nothing happened: the answer is what is true now.
        }
    }

    private async void Tell(Task call, string whom)
    {
        try
        {
            await call;
        }
        catch (Exception e)
        {
            // They find out by themselves: a start is refused, a late result too.
            LogNotTold(_id, whom, e.Message);
        }
    }
}
