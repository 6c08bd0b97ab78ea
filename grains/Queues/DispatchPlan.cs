namespace MorningAI.Queues;

/// <summary>Who gets how many of the ready tasks.</summary>
internal static class DispatchPlan
{
    /// <summary>
    /// The worker with the most credits, and how many tasks it gets now: a fair share, so that a short queue is spread
    /// over the workers instead of filling the first.
    /// </summary>
    public static (WorkerLink Link, int Count)? Next(ReadOnlySpan<WorkerLink> links, int ready, int maxBatch)
    {
        WorkerLink? best = null;
        var free = 0;
        foreach (var link in links)
        {
            if (link.Credits == 0)
                continue;
            free++;
            if (best is null || link.Credits > best.Credits)
                best = link;
        }

        if (best is null || ready == 0)
            return null;
        var share = (ready + free - 1) / free;
        return (best, Math.Min(Math.Min(share, best.Credits), maxBatch));
    }
}
