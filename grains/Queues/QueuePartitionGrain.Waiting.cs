using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Queues;

/// <summary>What keeps tasks from being begun: operators, limits, their order. And who asks why.</summary>
internal sealed partial class QueuePartitionGrain
{
    /// <summary>A lane whose waker may be gone is tried again after so long.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan TryAllAgain = TimeSpan.FromSeconds(30);

    /// <summary>In one tick, so that thousands of lanes do not all ask at once.</summary>
    private const int MostTriedAgain = 256;

    private readonly HeldBack _heldBack = new();
    private readonly QueueControls _controls;
    private DateTimeOffset _lookedAtAll;

    private bool IsPaused => _controls.Of(_id.Queue)?.Paused is not null;

    public Task Control(QueueControl control)
    {
        _controls.Take(control);
        Dispatch();
        return Task.CompletedTask;
    }

    public async Task<ClearedTasks> Clear(int most, string? reason)
    {
        var chosen = new List<Guid>(Math.Min(most, 1000));
        chosen.AddRange(_order.Some(most));
        chosen.AddRange(_heldBack.Some(most - chosen.Count));
        chosen.AddRange(_paused.Some(most - chosen.Count));
        var cancelled = 0;
        await Parallel([.. chosen], async task =>
        {
            // One that was begun meanwhile, or had ended, is none of what waits; the index says so sooner or later.
            if ((await GrainFactory.GetTask(new TaskId(_id, task)).Cancel(reason)).Cancelled)
                cancelled++;
            Forget(task);
        });
        return new ClearedTasks(cancelled, _order.Count + _heldBack.Count + _paused.Count);
    }

    public Task<LetGoAnswer> LetGo(string limit, int count)
    {
        var let = 0;
        while (let < count && _heldBack.TryTakeFirst(limit, out var entry))
        {
            _order.Add(entry);
            let++;
        }

        Dispatch();
        return Task.FromResult(new LetGoAnswer(let, _heldBack.CountOf(limit)));
    }

    public Task LetFollow(Guid task)
    {
        if (_heldBack.TryTake(task, out var entry))
            _order.Add(entry);
        Dispatch();
        return Task.CompletedTask;
    }

    public Task<TaskPlace> Place(Guid task)
    {
        var place = new TaskPlace
        {
            Whereabouts = Whereabouts.Unknown,
            Partition = Status(null),
            AwaitsJournal = _absent.Any,
            Store = _health.State.ToString().ToLowerInvariant(),
        };
        if (_order.TryCountAhead(task, out var ahead))
            place = place with { Whereabouts = Whereabouts.Ready, Ahead = ahead };
        else if (_heldBack.TryGet(task, out var by, out var since))
            place = place with { Whereabouts = Whereabouts.HeldBack, HeldBackBy = by, HeldSince = since };
        else if (_paused.TryGet(task, out var until))
            place = place with { Whereabouts = Whereabouts.Later, Until = until };
        else if (_assignments.TryGetWorker(task, out var worker))
            place = place with { Whereabouts = Whereabouts.Assigned, Worker = worker };
        return Task.FromResult(place);
    }

    private void HoldBack(QueueEntry entry, string by) => _heldBack.Add(entry, by, _time.GetUtcNow());

    private void TryForgottenAgain()
    {
        if (_heldBack.Count == 0)
            return;
        var now = _time.GetUtcNow();
        LetGo(_heldBack.Forgotten(now - TryAgain, MostTriedAgain));
        if (now - _lookedAtAll < TryAllAgain)
            return;
        _lookedAtAll = now;
        LetGo(_heldBack.Oldest(now - TryAllAgain, MostTriedAgain));
    }

    private void LetGo(QueueEntry[] entries)
    {
        foreach (var entry in entries)
        {
            _heldBack.Remove(entry.Task);
            _order.Add(entry);
        }
    }

    private void Forget(Guid task)
    {
        _order.Remove(task);
        _paused.Remove(task);
        _heldBack.Remove(task);
    }

    private PartitionStatus Status(long[]? stored) => new()
    {
        Partition = _id,
        Ready = _order.Count,
        Scheduled = _paused.Count,
        HeldBack = _heldBack.Count,
        Assigned = _assignments.Count,
        Workers = _assignments.Links.Count(l => l.Window > 0),
        Credits = _assignments.Links.Sum(l => l.Credits),
        OldestReadyAt = _order.TryPeek(out var first) ? first.Value.Order.Moment : null,
        Stored = stored,
        Control = _controls.Of(_id.Queue),
        Complete = _complete,
        Lanes = _heldBack.Lanes(PartitionStatus.MaxLanes),
    };
}
