using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MorningAI.Tests.Unit.Client;

/// <summary>Fake time that tells of each timer, so that a test moves on only once somebody waits for it.</summary>
internal sealed class SteppedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits for the next timer that is due within <paramref name="atMost"/>, and lets its time pass.</summary>
    public async Task PassNext(TimeSpan atMost)
    {
        TimeSpan due;
        do
        {
            due = await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }
        while (due > atMost);
        Advance(due);
    }

    /// <summary>Lets the time of each timer pass until the work is done.</summary>
    public async Task<T> PassUntil<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            if (_timers.Reader.TryRead(out var due))
                Advance(due);
            else
                await Task.Yield();
        }

        return await work;
    }
}
