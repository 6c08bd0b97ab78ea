using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Cluster;

public sealed class PauseGuardTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StoreHealth _health;
    private readonly PauseGuard _guard;
    private TaskCompletionSource _table = new();
    private int _reads;

    public PauseGuardTests()
    {
        _table.SetResult();
        _health = new StoreHealth(_time, NullLogger<StoreHealth>.Instance);
        var membership = Stand.In<IClusterMembershipService>((_, _) =>
        {
            Interlocked.Increment(ref _reads);
            return new ValueTask(_table.Task);
        });
        _guard = new PauseGuard(membership, _health, _time, NullLogger<PauseGuard>.Instance);
    }

    public void Dispose() => _guard.Dispose();

    [Fact]
    public void WhenSound_TimePassesAsUsual_IsNow()
    {
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            Assert.True(_guard.WhenSound().IsCompleted);
        }

        Assert.Equal(0, _reads);
    }

    [Fact]
    public async Task WhenSound_AfterAPause_IsWhenTheTableWasReadAnew()
    {
        _table = new TaskCompletionSource();
        _time.Advance(PauseGuard.Longest);
        var sound = _guard.WhenSound();
        Assert.False(sound.IsCompleted);
        await Until.True(() => _reads == 1, "the table is asked");
        Assert.False(_guard.WhenSound().IsCompleted);

        _table.SetResult();
        await sound.InTime();
        Assert.Equal(2, _reads); // the first read may have begun before the pause
        Assert.True(_guard.WhenSound().IsCompleted);
    }

    [Fact]
    public async Task WhenSound_PausedAgainWhileTheTableIsRead_IsWhenItWasReadSince()
    {
        _table = new TaskCompletionSource();
        _time.Advance(PauseGuard.Longest);
        var sound = _guard.WhenSound();
        await Until.True(() => _reads == 1, "the table is asked");
        _time.Advance(PauseGuard.Longest);
        _table.SetResult();
        await Until.Passes(_time, TimeSpan.FromMilliseconds(100), () => sound.IsCompleted, "it is sound");

        Assert.Equal(4, _reads);
    }

    [Fact]
    public async Task WhenSound_PausedAndTheStoreIsGoneSince_IsNotBeforeItIsBack()
    {
        _health.CallFailed(StoreFault.Hanging);
        _time.Advance(PauseGuard.Longest);
        var sound = _guard.WhenSound();
        for (var i = 0; i < 20; i++)
            _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.False(sound.IsCompleted);
        Assert.Equal(0, _reads);

        _health.ProbeAnswered(TimeSpan.Zero);
        _health.CaughtUp();
        await Until.Passes(_time, TimeSpan.FromMilliseconds(100), () => sound.IsCompleted, "it is sound");
    }

    [Fact]
    public void WhenSound_PausedInAnOutage_IsNow()
    {
        _health.ProbeFailed(StoreFault.Unreachable);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        _time.Advance(PauseGuard.Longest);

        Assert.True(_guard.WhenSound().IsCompleted);
    }
}
