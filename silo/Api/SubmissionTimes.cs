using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary>The times and the retry policy of a submission, from the numbers of a request. What they may be together the intake checks.</summary>
internal static class SubmissionTimes
{
    /// <summary>Ten years, in seconds.</summary>
    private const double Longest = 3650 * 86_400.0;

    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? Check(SubmitTaskRequest request)
    {
        if (!InRange(request.DelaySeconds))
            return $"delay_seconds must be 0 to {Longest}.";
        if (request.DeadlineSeconds is { } deadline && !(deadline > 0 && deadline <= Longest))
            return $"deadline_seconds must be above 0 and at most {Longest}.";
        return request is { DeadlineSeconds: not null, Deadline: not null } ? "A task has a deadline_seconds or a deadline, not both." : null;
    }

    /// <param name="fault">What is wrong with it; null where nothing is.</param>
    /// <returns>Null where the request has none, or a wrong one.</returns>
    public static RetryPolicy? Read(RetryRequest? request, out string? fault)
    {
        fault = null;
        if (request is null)
            return null;
        if (!InRange(request.FirstSeconds) || !InRange(request.LongestSeconds) || request.PausesSeconds?.All(p => InRange(p)) == false)
        {
            fault = $"The seconds of retry must be 0 to {RetryPolicy.LongestPause.TotalSeconds}.";
            return null;
        }

        var policy = new RetryPolicy { MaxAttempts = request.MaxAttempts, Pauses = [.. (request.PausesSeconds ?? []).Select(TimeSpan.FromSeconds)] };
        if (request.FirstSeconds is { } first)
            policy = policy with { First = TimeSpan.FromSeconds(first), Longest = policy.Longest > TimeSpan.FromSeconds(first) ? policy.Longest : TimeSpan.FromSeconds(first) };
        if (request.LongestSeconds is { } longest)
            policy = policy with { Longest = TimeSpan.FromSeconds(longest), First = request.FirstSeconds is null && policy.First.TotalSeconds > longest ? TimeSpan.FromSeconds(longest) : policy.First };
        if (request.Factor is { } factor)
            policy = policy with { Factor = factor };
        fault = policy.Fault() is { } wrong ? $"{wrong}." : null;
        return fault is null ? policy : null;
    }

    private static bool InRange(double? seconds) => seconds is null or (>= 0 and <= Longest);
}
