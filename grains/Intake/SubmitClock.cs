namespace MorningAI.Intake;

/// <summary>Moments that never repeat on one silo, so that what is submitted first is first in its queue.</summary>
internal sealed class SubmitClock(TimeProvider time)
{
    private long _last;

    public DateTimeOffset Next()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var now = Math.Max(time.GetUtcNow().Ticks, last + TimeSpan.TicksPerMicrosecond);
            if (Interlocked.CompareExchange(ref _last, now, last) == last)
                return new DateTimeOffset(now, TimeSpan.Zero);
        }
    }
}
