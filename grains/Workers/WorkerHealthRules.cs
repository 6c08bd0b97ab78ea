namespace MorningAI.Workers;

/// <summary>Healthy, draining or stale: from the last beat and the fate of the silo.</summary>
public static class WorkerHealthRules
{
    /// <param name="hostGone">Membership says that the worker's silo is dead.</param>
    /// <returns>Null where the worker has been away for so long that it is no longer listed.</returns>
    public static (WorkerHealth Health, string? Reason)? Judge(WorkerReport report, DateTimeOffset lastBeatAt, DateTimeOffset now, bool hostGone, WorkerOptions options)
    {
        var silence = now - lastBeatAt;
        if (silence > options.RemoveAfter)
            return null;
        if (hostGone)
            return (WorkerHealth.Stale, "its silo is gone");
        if (silence > options.StaleAfter)
            return (WorkerHealth.Stale, $"no beat for {(int)silence.TotalSeconds} s");
        return report.Draining ? (WorkerHealth.Draining, "shutting down") : (WorkerHealth.Healthy, null);
    }
}
