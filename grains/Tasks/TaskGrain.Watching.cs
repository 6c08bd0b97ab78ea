using MorningAI.Storage;

namespace MorningAI.Tasks;

/// <summary>What its attempts say, and who listens.</summary>
internal sealed partial class TaskGrain
{
    /// <summary>How long log lines may be in memory alone: a handler that logs costs one write in that time at most.</summary>
    private static readonly TimeSpan KeepTrailEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long the text of an attempt is kept once the task has ended, for watchers that are about to ask or to come back.</summary>
    private static readonly TimeSpan KeepStream = TimeSpan.FromSeconds(10);

    private StreamBuffer? _stream;
    private TaskCompletionSource? _heard;
    private TaskTrail? _keptTrail;
    private IGrainTimer? _keeping;
    private bool _willKeep;

    public async Task<TaskNews?> Follow(EventCursor after, TaskProgress? shown, TimeSpan atMost)
    {
        await Load();
        var news = News(after, shown);
        if (news is not { Ended: false, Happenings.Count: 0 })
            return news;
        _heard ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await WhenOrAfter(_heard, atMost);
        return News(after, shown);
    }

    public async Task<bool> Say(AttemptRef attempt, AttemptSaid said)
    {
        await Load();
        if (_task is not { } task || !TaskRules.IsCurrent(task, attempt))
            return false;
        _task = Heard(task, attempt, said);
        if (!ReferenceEquals(_task, task))
        {
            _progressCount++;
            KeepTrailSoon();
            Changed();
        }
        else
        {
            Wake();
        }

        return true;
    }

    private TaskNews? News(EventCursor after, TaskProgress? shown)
    {
        if (_task is not { IsDeleted: false } task)
            return null;
        var progress = task.State == TaskState.Running && _progress != shown ? _progress : null;
        return TaskStory.Since(after, task, progress, _stream, () => Snapshot()!);
    }

    /// <summary>Text goes to the buffer, lines to the record: the next write of it has them.</summary>
    private TaskRecord Heard(TaskRecord task, AttemptRef attempt, AttemptSaid said)
    {
        if (said.Text is { } text)
            (_stream ??= new StreamBuffer()).Add(attempt.Number, text);
        return said.Lines.IsDefaultOrEmpty ? task : task with { Trail = TrailRules.Add(task.Trail, said) };
    }

    private void KeepTrailSoon()
    {
        if (_willKeep)
            return;
        _willKeep = true;
        _keeping?.Dispose();
        _keeping = this.RegisterGrainTimer(KeepTrail, new GrainTimerCreationOptions(KeepTrailEvery, Timeout.InfiniteTimeSpan));
    }

    private Task KeepTrail(CancellationToken cancellationToken)
    {
        _willKeep = false;
        // A task that was read in an outage writes nothing on its own account: another silo may know better.
        if (_task is { } task && !_mayBeOld && !task.State.IsTerminal() && !ReferenceEquals(task.Trail, _keptTrail))
        {
            var write = ToWrite(task);
            _records.WriteBehind(write);
            Apply(task, write.Version, Durability.Redis);
        }

        return Task.CompletedTask;
    }

    /// <summary>It has ended. Where it streamed, the last of it waits a moment to be fetched.</summary>
    private void LeaveOnceHeard(bool stay)
    {
        if (_stream is null)
        {
            if (!stay)
                DeactivateOnIdle();
            return;
        }

        _keeping?.Dispose();
        _keeping = this.RegisterGrainTimer(
            _ =>
            {
                _stream = null;
                if (!stay)
                    DeactivateOnIdle();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(KeepStream, Timeout.InfiniteTimeSpan));
    }

    private void Wake()
    {
        _heard?.SetResult();
        _heard = null;
    }
}
