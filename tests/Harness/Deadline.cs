using System.Diagnostics;

namespace MorningAI.Tests.Harness;

/// <summary>Waits for what must come true, by asking, for a bounded time.</summary>
public static class Deadline
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It did not come true; the message says what was waited for and what was seen last.</exception>
    public static async Task Until(string what, TimeSpan limit, Func<Task<bool>> isTrue, Func<string>? seen = null)
    {
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (watch.Elapsed < limit)
        {
            try
            {
                if (await isTrue())
                    return;
                last = null;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                last = e;
            }

            await Task.Delay(Interval);
        }

        throw new TimeoutException($"Waited {limit.TotalSeconds} s for: {what}. {seen?.Invoke()} {last?.Message}");
    }
}
