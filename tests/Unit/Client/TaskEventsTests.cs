using MorningAI.Client;
using MorningAI.Client.Cluster;
using MorningAI.Client.Watching;
using MorningAI.Tasks;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Client;

public class TaskEventsTests
{
    private readonly SteppedTime _time = new();
    private readonly List<(EventCursor After, TaskProgress? Shown)> _asked = [];

    [Fact]
    public async Task Follow_SiloLost_GoesOnAfterTheLastEventAndRepeatsNothing()
    {
        var one = new LineLogged(new TaskLogLine(1, DateTimeOffset.UnixEpoch, TaskLogLevel.Info, "one")) { Id = new EventCursor { History = 1 } };
        var half = new ProgressMade(1, new TaskProgress(0.5, null)) { Id = one.Id };
        var two = one with { Id = new EventCursor { History = 2 } };
        var script = new Queue<Func<TaskNews?>>([
            () => new TaskNews([one, half], false),
            () => throw new SiloUnavailableException("gone"),
            () => throw new StoreUnavailableException("away"),
            () => new TaskNews([], false),
            () => new TaskNews([two], true)]);

        Assert.Equal([one, half, two], await Follow(script));
        Assert.Equal([(default, null), (one.Id, half.Progress), (one.Id, half.Progress), (one.Id, half.Progress), (one.Id, half.Progress)], _asked);
    }

    [Fact]
    public async Task Follow_NoSuchTask_Throws() => await Assert.ThrowsAsync<TaskNotFoundException>(() => Follow(new([() => null])));

    [Fact]
    public async Task Follow_SilenceBeyondPatience_ThrowsUnavailable() =>
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Follow(new(Enumerable.Repeat<Func<TaskNews?>>(() => throw new TimeoutException(), 10_000))));

    private async Task<TaskHappening[]> Follow(Queue<Func<TaskNews?>> script)
    {
        var task = Stand.In<ITaskGrain>((_, arguments) =>
        {
            _asked.Add(((EventCursor)arguments[0]!, (TaskProgress?)arguments[1]));
            try
            {
                return Task.FromResult(script.Dequeue()());
            }
            catch (Exception e) when (e is not InvalidOperationException)
            {
                return Task.FromException<TaskNews?>(e);
            }
        });
        var events = new TaskEvents(new ClusterCalls(new GatewayLoss(), _time), TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1));
        return await _time.PassUntil(Collect());

        async Task<TaskHappening[]> Collect()
        {
            var seen = new List<TaskHappening>();
            await foreach (var happening in events.Follow(Given.Id(), default, _ => task, TestContext.Current.CancellationToken))
                seen.Add(happening);
            return [.. seen];
        }
    }
}
