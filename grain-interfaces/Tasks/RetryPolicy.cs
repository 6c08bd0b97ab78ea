using System.Collections.Immutable;

namespace MorningAI.Tasks;

/// <summary>
/// How often a task is attempted, and after which pauses. Pauses are a fixed list, or grow exponentially with full jitter
/// (any time between nothing and the grown pause), so that what failed together does not come back together.
/// </summary>
[GenerateSerializer, Immutable, Alias("mai.RetryPolicy")]
public sealed record RetryPolicy
{
    /// <summary>The most attempts that a task may ask for.</summary>
    public const int MostAttempts = 1000;

    /// <summary>The most pauses in a list.</summary>
    public const int MostPauses = 100;

    /// <summary>The longest pause between two attempts.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromDays(30);

    /// <summary>One attempt.</summary>
    public static readonly RetryPolicy None = new() { MaxAttempts = 1 };

    /// <summary>Four attempts: the original retried three times, after 10, 30 and 60 s.</summary>
    public static readonly RetryPolicy Default = Times(3);

    /// <summary>The first one included; 1 for no retry.</summary>
    [Id(0)] public required int MaxAttempts { get; init; }

    /// <summary>After the first failure, the second and so on; the last one stays. Empty where pauses grow exponentially.</summary>
    [Id(1)] public ImmutableArray<TimeSpan> Pauses { get; init; } = [];

    /// <summary>The bound of the first pause where they grow. Default: 1 s.</summary>
    [Id(2)] public TimeSpan First { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>By how much the bound grows with each failure. Default: 2.</summary>
    [Id(3)] public double Factor { get; init; } = 2;

    /// <summary>Where it grows no more. Default: 10 min.</summary>
    [Id(4)] public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>So many retries, after 10, 30, 60, 60, … s.</summary>
    public static RetryPolicy Times(int retries) => new() { MaxAttempts = retries + 1, Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)] };

    /// <summary>A retry after each of these pauses.</summary>
    public static RetryPolicy After(params ImmutableArray<TimeSpan> pauses) => new() { MaxAttempts = pauses.Length + 1, Pauses = pauses };

    /// <summary>Pauses of any time up to <paramref name="first"/>, then twice that, and so on up to <paramref name="longest"/>.</summary>
    public static RetryPolicy Exponential(int maxAttempts, TimeSpan first, TimeSpan longest) => new() { MaxAttempts = maxAttempts, First = first, Longest = longest };

    /// <param name="failures">Attempts that failed so far, from 1.</param>
    /// <param name="jitter">0 to 1, drawn anew for each pause.</param>
    /// <returns>Null where no attempt is left.</returns>
    public TimeSpan? PauseAfter(int failures, double jitter)
    {
        if (failures >= MaxAttempts)
            return null;
        if (!Pauses.IsDefaultOrEmpty)
            return Pauses[Math.Min(failures, Pauses.Length) - 1];
        var bound = Math.Min(First.TotalSeconds * Math.Pow(Factor, failures - 1), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(bound * jitter);
    }

    /// <returns>What is wrong with it, for whoever made it; null where nothing is.</returns>
    public string? Fault()
    {
        if (MaxAttempts is < 1 or > MostAttempts)
            return $"retry.max_attempts must be 1 to {MostAttempts}; it is {MaxAttempts}";
        if (!Pauses.IsDefault && Pauses.Length > MostPauses)
            return $"retry.pauses_seconds may have {MostPauses} entries; it has {Pauses.Length}";
        if (!Pauses.IsDefault && Pauses.Any(p => p < TimeSpan.Zero || p > LongestPause))
            return $"retry.pauses_seconds must each be 0 to {LongestPause.TotalSeconds}";
        if (First < TimeSpan.Zero || First > LongestPause)
            return $"retry.first_seconds must be 0 to {LongestPause.TotalSeconds}";
        if (Longest < First || Longest > LongestPause)
            return $"retry.longest_seconds must be at least retry.first_seconds and at most {LongestPause.TotalSeconds}";
        return Factor is >= 1 and <= 100 ? null : "retry.factor must be 1 to 100";
    }
}
