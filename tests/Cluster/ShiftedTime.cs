namespace MorningAI.Tests.Cluster;

/// <summary>
/// A clock that a test puts forward; what is timed goes on as ever. It begins two days ago: Orleans takes a silo for long dead
/// that was started an hour before its clock, and silos are named by the real one.
/// </summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift = -TimeSpan.FromDays(2).Ticks;

    public TimeSpan Shift
    {
        get => new(Interlocked.Read(ref _shift));
        set => Interlocked.Exchange(ref _shift, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
