using Microsoft.Extensions.Logging;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Limits;

/// <summary>
/// One limit, in memory. What it knew is with the workers, too: one that comes up anew asks them all what runs before it
/// gives anything out. Those that it turned away are told, through their partitions, when there is room; a partition that
/// is told of nothing for some seconds lets one ask.
/// </summary>
internal sealed partial class LimiterGrain(LimitBook book, TimeProvider time, ILogger<LimiterGrain> logger) : Grain, ILimiterGrain
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>A release may be lost with a silo: a permit that is as old as this is asked about.</summary>
    private static readonly TimeSpan Unsure = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LearnAgain = TimeSpan.FromMilliseconds(50);

    private const int MostAsked = 64;

    private readonly ILogger<LimiterGrain> _logger = logger;
    private readonly List<PartitionId> _waiting = [];
    private readonly HashSet<TaskId> _turnedAway = []; // while it learns
    private Permits? _permits; // null where the limit is set no more
    private Limit? _limit;
    private IGrainTimer? _alarm;
    private bool _learning = true;
    private bool _telling;
    private bool _rounding;

    private string Name => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (book.TryGet(Name, out _limit))
            _permits = new Permits(_limit, time.GetUtcNow());
        this.RegisterGrainTimer(Look, new GrainTimerCreationOptions(TimeSpan.Zero, Round) { Interleave = true });
        _alarm = this.RegisterGrainTimer(_ => TellWaiting(), new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        return Task.CompletedTask;
    }

    public Task<bool> Take(TaskId task, WorkerId worker)
    {
        if (_permits is null || (!_learning && _permits.TryTake(task, time.GetUtcNow())))
            return Task.FromResult(true);
        if (!_waiting.Contains(task.Partition))
            _waiting.Add(task.Partition);
        if (_learning)
            _turnedAway.Add(task);
        SetAlarm();
        return Task.FromResult(false);
    }

    public Task Release(TaskId task, bool unused)
    {
        if (_permits?.Release(task, unused) == true)
            _alarm?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan); // who released need not wait for who is told
        return Task.CompletedTask;
    }

    public Task<LimiterStatus> GetStatus() => Task.FromResult(new LimiterStatus
    {
        Name = Name,
        Running = _permits?.Running ?? 0,
        Concurrency = _limit?.Concurrency,
        Rate = _limit?.Rate,
        Per = _limit?.Per ?? TimeSpan.Zero,
        NextAt = _permits?.NextToken(time.GetUtcNow()),
        Learning = _learning,
    });

    private void SetAlarm()
    {
        if (_permits?.NextAt(time.GetUtcNow()) is not { } at)
            return;
        var wait = at - time.GetUtcNow();
        _alarm?.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Offers what room there is to the partitions in turn.</summary>
    private async Task TellWaiting()
    {
        if (_telling || _learning || _permits is null)
            return;
        _telling = true;
        try
        {
            while (_waiting.Count > 0 && _permits.Room(time.GetUtcNow()) is > 0 and var room)
            {
                var partition = _waiting[0];
                _waiting.RemoveAt(0);
                // Counted before: those that are let go may be back before the answer is.
                _permits.Offer(room, time.GetUtcNow());
                try
                {
                    var answer = await GrainFactory.GetPartition(partition).LetGo(Name, room).WaitAsync(Patience, time);
                    _permits.Withdraw(room - answer.Let);
                    if (answer.Left > 0 && !_waiting.Contains(partition))
                        _waiting.Add(partition);
                }
                catch (Exception e)
                {
                    LogNotTold(partition, Name, e.Message); // it lets one ask by itself
                }
            }
        }
        finally
        {
            _telling = false;
        }

        if (_waiting.Count > 0)
            SetAlarm();
    }

    private async Task Look(CancellationToken cancellationToken)
    {
        if (_rounding || _permits is null)
            return;
        _rounding = true;
        try
        {
            if (_learning)
                await Learn(_permits);
            else
                await AskOld(_permits);
        }
        catch (Exception e)
        {
            LogNotLearnt(Name, e.Message);
        }
        finally
        {
            _rounding = false;
        }

        await TellWaiting();
    }

    /// <summary>
    /// Every worker that lives says what runs there; one that does not answer is asked again. Those that are about to begin
    /// may have been let through by an earlier life of this limit: they are waited for until they run, or have asked here.
    /// </summary>
    private async Task Learn(Permits permits)
    {
        HashSet<TaskId>? unsure = null;
        while (true)
        {
            var answers = await AskWorkers();
            var beginning = answers.SelectMany(a => a.Beginning).Where(t => !_turnedAway.Contains(t)).ToHashSet();
            unsure = unsure is null ? beginning : [.. unsure.Where(beginning.Contains)];
            if (unsure.Count > 0)
            {
                await Task.Delay(LearnAgain, time);
                continue;
            }

            foreach (var task in answers.SelectMany(a => a.Running))
                permits.Found(task, time.GetUtcNow());
            _learning = false;
            _turnedAway.Clear();
            return;
        }
    }

    private async Task<LimitedTasks[]> AskWorkers()
    {
        var workers = await GrainFactory.GetWorkerRegistry().List().WaitAsync(Patience, time);
        return await Task.WhenAll(workers
            .Where(w => w.Health != WorkerHealth.Stale)
            .Select(w => GrainFactory.GetWorker(w.Report.Worker.Name).Limited(Name).WaitAsync(Patience, time)));
    }

    private async Task AskOld(Permits permits)
    {
        var now = time.GetUtcNow();
        await Task.WhenAll(permits.Old(now - Unsure, MostAsked).Select(async id =>
        {
            try
            {
                var task = await GrainFactory.GetTask(id).Get().WaitAsync(Patience, time);
                if (task is { State: TaskState.Running } && book.Of(id.Queue, task.Kind, task.Marks?.LimitKey).Contains(Name))
                    permits.Confirm(id, now);
                else
                    permits.Release(id, unused: false);
            }
            catch (Exception e)
            {
                LogNotAsked(id, Name, e.Message);
            }
        }));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition} was not told that limit {Limit} has room ({Reason}); it asks by itself")]
    private partial void LogNotTold(PartitionId partition, string limit, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Limit {Limit} does not know yet what runs ({Reason}); nothing of it begins before that")]
    private partial void LogNotLearnt(string limit, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {TaskId} could not be asked whether it still counts towards limit {Limit} ({Reason})")]
    private partial void LogNotAsked(TaskId taskId, string limit, string reason);
}
