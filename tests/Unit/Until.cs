using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace MorningAI.Tests.Unit;

/// <summary>Waiting with a deadline, for what happens on other threads.</summary>
internal static class Until
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);

    public static Task InTime(this Task task) => task.WaitAsync(Given.Patience, TestContext.Current.CancellationToken);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Given.Patience, TestContext.Current.CancellationToken);

    public static async Task True(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Given.Patience, $"Never came true: {what}");
            await Task.Delay(Poll, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Moves fake time on, step by step, until the condition holds: the timer that is waited for may not have been set yet.</summary>
    public static async Task Passes(FakeTimeProvider time, TimeSpan step, Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Given.Patience, $"Never came true: {what}");
            time.Advance(step);
            await Task.Delay(Poll, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
