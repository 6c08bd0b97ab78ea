namespace MorningAI.Limits;

/// <summary>So many in a time, and no more than a burst at once. Starts empty: who made it may have forgotten what the one before gave.</summary>
internal sealed class TokenBucket(int rate, TimeSpan per, int burst, DateTimeOffset now)
{
    private readonly double _perTick = (double)rate / per.Ticks;
    private double _tokens;
    private DateTimeOffset _at = now;

    /// <summary>Whole tokens that are there.</summary>
    public int Count(DateTimeOffset now)
    {
        Fill(now);
        return (int)_tokens;
    }

    public bool TryTake(DateTimeOffset now)
    {
        Fill(now);
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }

    /// <summary>One was not used.</summary>
    public void GiveBack() => _tokens = Math.Min(burst, _tokens + 1);

    /// <summary>When there is one; null for now.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now)
    {
        Fill(now);
        // Rounded up, so that whoever comes at that time finds it.
        return _tokens >= 1 ? null : now + TimeSpan.FromTicks((long)Math.Ceiling((1 - _tokens) / _perTick) + 1);
    }

    private void Fill(DateTimeOffset now)
    {
        if (now <= _at)
            return;
        _tokens = Math.Min(burst, _tokens + ((now - _at).Ticks * _perTick));
        _at = now;
    }
}
