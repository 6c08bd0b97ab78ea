namespace MorningAI.Client.Cluster;

/// <summary>How long to wait before a call is repeated: 50 ms, doubled each time up to 2 s, of which a random half is left out so that clients do not return as one.</summary>
internal static class RetryBackoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <param name="failures">Failed calls so far, from 1.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan After(int failures, double chance)
    {
        var full = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30)), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + chance / 2));
    }
}
