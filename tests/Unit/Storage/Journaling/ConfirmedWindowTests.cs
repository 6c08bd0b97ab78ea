using CsCheck;
using MorningAI.Storage.Journaling;

namespace MorningAI.Tests.Unit.Storage.Journaling;

public sealed class ConfirmedWindowTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(160);

    [Fact]
    public void Elapsed_AnyHistory_NeverAheadOfWhatWasConfirmedForTheWholeWindow() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 100], Gen.Int[0, 100]).Array[1, 100].Sample(steps =>
        {
            var window = new ConfirmedWindow(Window);
            var past = new List<(TimeSpan At, long Lowest)>();
            var now = TimeSpan.Zero;
            foreach (var (wait, one, other) in steps)
            {
                now += TimeSpan.FromSeconds(wait);
                var (lowest, confirmed) = (Math.Min(one, other), (long)one);
                window.Pass(now, lowest, confirmed);
                past.Add((now, lowest));
                // The step before the window's begin tells what was confirmed when it began.
                var begin = past.FindLastIndex(p => p.At <= now - Window);
                var longest = begin < 0 ? 0 : past.Skip(begin + 1).Select(p => p.Lowest).DefaultIfEmpty(long.MaxValue).Min();
                Assert.True(window.Elapsed <= longest, $"{window.Elapsed} is said to have been confirmed throughout, {longest} was");
            }
        }, iter: 300, threads: 1);
}
