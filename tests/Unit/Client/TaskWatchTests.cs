using System.Text;
using MorningAI.Client;
using MorningAI.Client.Cluster;
using MorningAI.Client.Watching;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Runtime;
using Xunit;

namespace MorningAI.Tests.Unit.Client;

public class TaskWatchTests
{
    private static readonly TaskId Id = TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UnixEpoch);
    private readonly SteppedTime _time = new();

    [Fact]
    public async Task Follow_Changes_EachIsAskedForAfterTheLast()
    {
        var task = new ScriptedTask(_ => Snapshot(1, TaskState.Queued), _ => Snapshot(4, TaskState.Running), _ => Snapshot(5, TaskState.Succeeded));
        Assert.Equal(new long[] { 1, 4, 5 }, await Revisions(task));
        Assert.Equal([-1L, 1, 4], task.AskedAfter);
    }

    [Fact]
    public async Task Follow_PollRunsOut_AsksAgainFromTheSamePlaceAndRepeatsNothing()
    {
        var task = new ScriptedTask(_ => Snapshot(1, TaskState.Queued), _ => Late(Snapshot(1, TaskState.Queued)), _ => Snapshot(2, TaskState.Cancelled));
        Assert.Equal(new long[] { 1, 2 }, await Revisions(task));
        Assert.Equal([-1L, 1, 1], task.AskedAfter);
    }

    [Fact]
    public async Task Follow_SiloLost_GoesOnFromTheSamePlace()
    {
        var task = new ScriptedTask(
            _ => Snapshot(3, TaskState.Running), _ => throw new SiloUnavailableException("gone"), _ => throw new StoreUnavailableException("away"), _ => Snapshot(9, TaskState.Succeeded));
        Assert.Equal(new long[] { 3, 9 }, await Revisions(task));
        Assert.Equal([-1L, 3, 3, 3], task.AskedAfter);
    }

    [Fact]
    public async Task Follow_ReloadedWithLowerRevision_TellsItAndGoesOnFromThere()
    {
        var task = new ScriptedTask(_ => Snapshot(8, TaskState.Running), _ => Snapshot(3, TaskState.Queued), _ => Snapshot(4, TaskState.Running), _ => Snapshot(5, TaskState.Succeeded));
        Assert.Equal(new long[] { 8, 3, 4, 5 }, await Revisions(task));
        Assert.Equal([-1L, 8, 3, 4], task.AskedAfter);
    }

    [Fact]
    public async Task Follow_EndedAtTheRevisionSeen_StillTellsTheEnd()
    {
        var task = new ScriptedTask(_ => Snapshot(5, TaskState.Running), _ => Snapshot(5, TaskState.Dead));
        Assert.Equal(new long[] { 5, 5 }, await Revisions(task));
    }

    [Fact]
    public async Task Follow_EarlyEmptyAnswer_PausesBeforeTheNext()
    {
        var before = _time.GetUtcNow();
        var task = new ScriptedTask(_ => Snapshot(1, TaskState.Running), _ => Snapshot(1, TaskState.Running), _ => Snapshot(2, TaskState.Succeeded));
        Assert.Equal(new long[] { 1, 2 }, await Revisions(task));
        Assert.True(_time.GetUtcNow() - before >= TaskWatch.EarlyPause);
    }

    [Fact]
    public async Task Follow_NoSuchTask_Throws() =>
        Assert.Equal(Id, (await Assert.ThrowsAsync<TaskNotFoundException>(() => Revisions(new ScriptedTask(_ => null)))).TaskId);

    [Fact]
    public async Task Follow_SilenceBeyondPatience_ThrowsUnavailable()
    {
        var begun = _time.GetUtcNow();
        var task = new ScriptedTask(_ => Snapshot(1, TaskState.Running), _ => throw new SiloUnavailableException("gone"));
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => Revisions(task));
        Assert.IsType<SiloUnavailableException>(fault.InnerException);
        Assert.InRange(_time.GetUtcNow() - begun, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(70));
    }

    [Fact]
    public async Task Follow_UnknownFault_IsNotRetried() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Revisions(new ScriptedTask(_ => throw new InvalidOperationException("bug"))));

    private async Task<long[]> Revisions(ScriptedTask task)
    {
        var watch = new TaskWatch(new ClusterCalls(new GatewayLoss(), _time), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));
        return await _time.PassUntil(Collect());

        async Task<long[]> Collect()
        {
            var seen = new List<long>();
            await foreach (var snapshot in watch.Follow(Id, _ => task, TestContext.Current.CancellationToken))
                seen.Add(snapshot.Revision);
            return [.. seen];
        }
    }

    private TaskSnapshot Late(TaskSnapshot snapshot)
    {
        _time.Advance(TaskWatch.Poll);
        return snapshot;
    }

    private static TaskSnapshot Snapshot(long revision, TaskState state) => new()
    {
        Id = Id,
        Kind = TaskKind.Parse("echo"),
        State = state,
        Priority = TaskPriority.P2,
        TraceId = TraceId.New(),
        CreatedAt = DateTimeOffset.UnixEpoch,
        History = [],
        Revision = revision,
        Result = state == TaskState.Succeeded ? Encoding.UTF8.GetBytes("{}") : null,
    };

    /// <summary>Answers each poll with the next line of its script, and then with the last for ever.</summary>
    private sealed class ScriptedTask(params Func<long, TaskSnapshot?>[] script) : ITaskGrain
    {
        public List<long> AskedAfter { get; } = [];

        public Task<TaskSnapshot?> Watch(long after, TimeSpan atMost)
        {
            AskedAfter.Add(after);
            try
            {
                return Task.FromResult(script[Math.Min(AskedAfter.Count, script.Length) - 1](after));
            }
            catch (Exception e)
            {
                return Task.FromException<TaskSnapshot?>(e);
            }
        }

        public Task<TaskSnapshot?> Get() => throw new NotSupportedException();

        public Task<byte[]?> GetPayload() => throw new NotSupportedException();

        public Task<CancelOutcome> Cancel(string? reason) => throw new NotSupportedException();

        public Task<StartOutcome> Start(WorkerId worker) => throw new NotSupportedException();

        public Task<CompleteOutcome> Complete(AttemptRef attempt, AttemptResult result) => throw new NotSupportedException();

        public Task Report(AttemptRef attempt, TaskProgress progress) => throw new NotSupportedException();

        public Task<TaskState?> GiveBack(WorkerId worker, GiveBackReason reason) => throw new NotSupportedException();

        public Task<CompleteOutcome> KeepStep(AttemptRef attempt, StepResult step) => throw new NotSupportedException();

        public Task<RetryOutcome> Retry() => throw new NotSupportedException();

        public Task<EndedAnswer> HasEnded(TaskId follower) => throw new NotSupportedException();

        public Task<DeleteOutcome> Delete() => throw new NotSupportedException();

        public Task Expire() => throw new NotSupportedException();

        public Task<TaskNews?> Follow(EventCursor after, TaskProgress? shown, TimeSpan atMost) => throw new NotSupportedException();

        public Task<bool> Say(AttemptRef attempt, AttemptSaid said) => throw new NotSupportedException();

        public Task KeyVerified() => throw new NotSupportedException();
    }
}
