using MorningAI.Workers;

namespace MorningAI.Tasks;

/// <summary>Whether its turn has come: what comes before it in its order, and the limits that count it.</summary>
internal sealed partial class TaskGrain
{
    /// <summary>How far back an order is followed through tasks that ended before their turn.</summary>
    private const int MostFollowed = 10_000;

    private HashSet<TaskId>? _followers;

    public async Task<EndedAnswer> HasEnded(TaskId follower)
    {
        await Load();
        if (_task is not { } task)
            return new EndedAnswer(true, []); // it was never taken in, or is long gone
        if (task.State.IsTerminal())
            return new EndedAnswer(true, task.Marks?.Follows ?? []);
        (_followers ??= []).Add(follower);
        return new EndedAnswer(false, []);
    }

    /// <returns>What keeps it from being begun now; null for nothing. Limits that have room count it from then on.</returns>
    private async Task<string?> HeldBackBy(TaskRecord task, WorkerId worker)
    {
        if (task.Marks is { Follows.Length: > 0, OrderKey: { } order } marks && await IsBehind(order, marks.Follows))
            return $"order:{order}";
        var limits = LimitsOf(task);
        for (var i = 0; i < limits.Length; i++)
        {
            if (await GrainFactory.GetLimiter(limits[i]).Take(_id, worker))
                continue;
            foreach (var limit in limits.AsSpan(0, i))
                Tell(GrainFactory.GetLimiter(limit).Release(_id, unused: true), "a limiter");
            return limits[i];
        }

        return null;
    }

    private async Task<bool> IsBehind(string order, TaskId[] follows)
    {
        var left = new Stack<(TaskId Of, TaskId Earlier)>(follows.Select(f => (_id, f)));
        var seen = new HashSet<TaskId>(follows);
        while (left.TryPop(out var next))
        {
            // The default: it was taken in while nobody could say what came before it.
            var answer = next.Earlier == default
                ? new EndedAnswer(true, await GrainFactory.GetOrderedIntake(_id.Queue, order).Earlier(next.Of))
                : await GrainFactory.GetTask(next.Earlier).HasEnded(_id);
            if (!answer.Ended)
                return true;
            foreach (var behind in answer.Behind)
            {
                if (seen.Count < MostFollowed && behind != _id && (behind == default || seen.Add(behind)))
                    left.Push((next.Earlier == default ? next.Of : next.Earlier, behind));
            }
        }

        return false;
    }

    private string[] LimitsOf(TaskRecord task) => _limits.Of(_id.Queue, task.Kind, task.Marks?.LimitKey);

    /// <summary>The attempt under way has ended.</summary>
    private void LeaveLimits(TaskRecord task)
    {
        foreach (var limit in LimitsOf(task))
            Tell(GrainFactory.GetLimiter(limit).Release(_id, unused: false), "a limiter");
    }

    private void TellFollowers()
    {
        if (_followers is null)
            return;
        foreach (var follower in _followers)
            Tell(GrainFactory.GetPartition(follower.Partition).LetFollow(follower.Unique), "the queue");
        _followers = null;
    }
}
