namespace MorningAI.Queues;

/// <summary>Who gets how many of the ready tasks.</summary>
internal static class DispatchPlan
{
    /// <summary>
    /// The freest worker, and how many tasks it gets now: a fair share, so that a short queue is spread over the workers
    /// instead of filling the first. By credits alone one whose window was small, as another queue was busy there, would
    /// never be sent anything again while the others are not full.
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
            if (best is null || IsFreer(link, best))
                best = link;
        }

        if (best is null || ready == 0)
            return null;
        var share = (ready + free - 1) / free;
        return (best, Math.Min(Math.Min(share, best.Credits), maxBatch));
    }

    /// <summary>It has room, and nobody who has is freer.</summary>
    public static bool IsFreest(WorkerLink link, ReadOnlySpan<WorkerLink> links)
    {
        foreach (var other in links)
        {
            if (other.Credits > 0 && other.Worker != link.Worker && IsFreer(other, link))
                return false;
        }

        return link.Credits > 0;
    }

    /// <summary>By the part of its window that is used; where that is the same, by credits.</summary>
    private static bool IsFreer(WorkerLink one, WorkerLink other)
    {
        var (used, others) = ((long)one.Assigned * other.Window, (long)other.Assigned * one.Window);
        return used < others || (used == others && one.Credits > other.Credits);
    }
}
