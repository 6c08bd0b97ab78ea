namespace MorningAI.Alerts;

/// <summary>How many attempts failed within a time, from counters that silos report and that begin anew with them.</summary>
internal sealed class FailureWindow(TimeSpan within)
{
    private readonly Dictionary<string, long> _counters = [];
    private readonly Queue<(DateTimeOffset At, long Count)> _failures = new();

    public void Add(string silo, long counter, DateTimeOffset now)
    {
        // The first report of a silo says nothing of when; a lower one is of another life.
        var before = _counters.GetValueOrDefault(silo, counter);
        _counters[silo] = counter;
        if (counter > before)
            _failures.Enqueue((now, counter - before));
    }

    public long Count(DateTimeOffset now)
    {
        while (_failures.TryPeek(out var first) && now - first.At > within)
            _failures.Dequeue();
        return _failures.Sum(f => f.Count);
    }
}
