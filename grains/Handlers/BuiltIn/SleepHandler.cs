using System.Globalization;

namespace MorningAI.Handlers.BuiltIn;

/// <param name="Seconds">0 to 86,400.</param>
public sealed record SleepPayload(double Seconds);

public sealed record SleepResult(double SleptSeconds);

/// <summary>Kind <c>sleep</c>: takes its time, tells how far it is, and stops at once when it is cancelled.</summary>
public sealed class SleepHandler : ITaskHandler<SleepPayload, SleepResult>, IPayloadCheck<SleepPayload>
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private const int Reports = 100;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    public static string? Check(SleepPayload payload) => payload.Seconds >= 0 && payload.Seconds <= Longest.TotalSeconds
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"'seconds' is {payload.Seconds}; set it from 0 to {Longest.TotalSeconds}");

    public async Task<SleepResult> Handle(SleepPayload payload, ITaskContext context)
    {
        var total = TimeSpan.FromSeconds(payload.Seconds);
        var pause = TimeSpan.FromTicks(Math.Max(total.Ticks / Reports, ShortestPause.Ticks));
        var start = context.Time.GetTimestamp();
        while (total - context.Time.GetElapsedTime(start) is { Ticks: > 0 } left)
        {
            context.ReportProgress(1 - left / total, string.Create(CultureInfo.InvariantCulture, $"{left.TotalSeconds:0.#} s left"));
            await Task.Delay(left < pause ? left : pause, context.Time, context.CancellationToken).ConfigureAwait(false);
        }

        return new SleepResult(payload.Seconds);
    }
}
