using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Queues;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Workers;

public sealed class WorkerKeeperTests
{
    private readonly FakeTimeProvider _time = new(Given.Now);
    private int _begins;
    private int _wakes;
    private Task<bool> _begin = Task.FromResult(true);
    private Task _wake = Task.CompletedTask;

    /// <summary>The directory's silo died with the call. In a run a queue that came up anew knew no worker for 30 s: each waited for that call.</summary>
    [Fact]
    public async Task Run_TheDirectoryDoesNotAnswer_TheWorkerIsCalledAllTheSame()
    {
        _wake = new TaskCompletionSource().Task;
        using var stop = new CancellationTokenSource();
        var run = NewKeeper().Run(stop.Token);
        Assert.Equal((1, 1), (_begins, _wakes));

        await Until.Passes(_time, TimeSpan.FromSeconds(1), () => _begins >= 4 && _wakes >= 4, "both are called again and again");

        await stop.CancelAsync();
        await run.InTime();
    }

    [Fact]
    public async Task TryBegin_TheWorkerDoesNotAnswer_IsNotForLong()
    {
        _begin = new TaskCompletionSource<bool>().Task;
        var begin = NewKeeper().TryBegin();
        _time.Advance(WorkerKeeper.Patience);
        Assert.False(await begin.InTime());
    }

    private WorkerKeeper NewKeeper() => new(
        Stand.Grains((type, _) => type == typeof(IWorkerGrain) ? Stand.In<IWorkerGrain>((_, _) => Count(ref _begins, _begin))
            : type == typeof(IQueueDirectoryGrain) ? Stand.In<IQueueDirectoryGrain>((_, _) => Count(ref _wakes, _wake))
            : null),
        Stand.In<ILocalWorker>((_, _) => Given.Worker()),
        _time,
        NullLogger<WorkerKeeper>.Instance);

    private static Task Count(ref int calls, Task answer)
    {
        Interlocked.Increment(ref calls);
        return answer;
    }
}
