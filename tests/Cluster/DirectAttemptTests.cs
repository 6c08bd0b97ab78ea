using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using MorningAI.Workers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>A task that nobody asks for is run without its grain; whoever asks finds it as it is, and moves it by way of the grain from then on.</summary>
public sealed class DirectAttemptTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Witness _witness = new();

    [Fact]
    public async Task Run_NobodyAsks_NoGrainWakes()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "What fails there is the grain's to find out.");
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "0"));
        await silos.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        var ids = new List<TaskId>();
        for (var i = 1; i <= 50; i++)
            ids.Add(await silos.Submit("note", $"{i}"));
        await Deadline.Until("all have ended", Limit, async () => await Ended(silos, ids[0]) == 51);

        Assert.Equal(0, await Awake(silos));
        Assert.Equal(51, _witness.Ran.Count);
        var task = await silos.End(ids[7]);
        Assert.Equal((TaskState.Succeeded, 1), (task.State, task.Attempt));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Get_WhileItRuns_IsRunningAndCancelReachesIt(short silosCount)
    {
        await using var silos = await Start(silosCount);
        await silos.End(await silos.Submit("note", "0"));
        var id = await silos.Submit("hold", "1");
        await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Count == 2));

        Assert.Equal(TaskState.Running, (await Patiently(() => silos.Grains.GetTask(id).Get()))!.State);
        Assert.True((await Patiently(() => silos.Grains.GetTask(id).Cancel("enough"))).Cancelled);
        _witness.Gate.SetResult();

        await silos.End(await silos.Submit("note", "2"));
        Assert.Equal((TaskState.Cancelled, 1), ((await silos.End(id)).State, (await silos.End(id)).Attempt));
    }

    [Fact]
    public async Task Watch_WhileItRuns_AnswersAtItsEnd()
    {
        await using var silos = await Start(2);
        await silos.End(await silos.Submit("note", "0"));
        var id = await silos.Submit("hold", "1");
        await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Count == 2));
        var seen = (await Patiently(() => silos.Grains.GetTask(id).Get()))!;
        var watching = Patiently(() => silos.Grains.GetTask(id).Watch(seen.Revision, Limit));
        _witness.Gate.SetResult();

        Assert.Equal(TaskState.Succeeded, (await watching.WaitAsync(Limit, TestContext.Current.CancellationToken))!.State);
    }

    /// <summary>Whoever looked at it while it waited sees it go on.</summary>
    [Fact]
    public async Task Watch_WhileItWaits_SeesItRunAndEnd()
    {
        await using var silos = await Start(2);
        await silos.Grains.GetQueueDirectory().Decide(Queues.QueueName.Default, Queues.QueueCommand.Pause, null, null);
        var id = await silos.Submit("hold", "1");
        var seen = (await Patiently(() => silos.Grains.GetTask(id).Get()))!;
        Assert.Equal(TaskState.Queued, seen.State);
        var watching = Patiently(() => silos.Grains.GetTask(id).Watch(seen.Revision, Limit));
        await silos.Grains.GetQueueDirectory().Decide(Queues.QueueName.Default, Queues.QueueCommand.Resume, null, null);

        Assert.Equal(TaskState.Running, (await watching.WaitAsync(Limit, TestContext.Current.CancellationToken))!.State);
        _witness.Gate.SetResult();
        Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
    }

    /// <summary>The queue that knew who looks is gone: the new one asks every silo before it sends anything past a grain.</summary>
    [Fact]
    public async Task Get_TheQueueIsMadeAnew_SeesTheEndAllTheSame()
    {
        await using var silos = await Start();
        await silos.Grains.GetQueueDirectory().Decide(Queues.QueueName.Default, Queues.QueueCommand.Pause, null, null);
        var id = await silos.Submit("note", "1");
        Assert.Equal(TaskState.Queued, (await Patiently(() => silos.Grains.GetTask(id).Get()))!.State);
        await silos.Grains.GetPartition(id.Partition).AsReference<Orleans.Core.Internal.IGrainManagementExtension>().DeactivateOnIdle();
        await silos.Grains.GetQueueDirectory().Decide(Queues.QueueName.Default, Queues.QueueCommand.Resume, null, null);

        Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
        Assert.Equal(["1"], _witness.Ran);
    }

    /// <summary>Its end is in the journal of its silo alone: its grain keeps it there, and says so.</summary>
    [Fact]
    public async Task Run_TheStoreDiesMeanwhile_EndsOnce()
    {
        await using var silos = await Start(2);
        await silos.End(await silos.Submit("note", "0"));
        var id = await silos.Submit("hold", "1");
        await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Count == 2));
        await silos.Redis.Kill();
        _witness.Gate.SetResult();
        Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
        await silos.Redis.BeginEmpty();

        await silos.End(await Later(silos));
        Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
        Assert.Equal(["0", "1", "2"], _witness.Ran);
    }

    /// <summary>Only the receipt waits for the store.</summary>
    [Fact]
    public async Task Submit_New_RunsWhileItIsStored()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "What fails there is looked for in the store anew, and found.");
        await using var silos = await StartWarm();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        silos.Faults.Answers = async answers =>
        {
            await answer.Task.WaitAsync(Limit);
            return answers;
        };
        // One may have been sent before: it may be there, and have run.
        var again = silos.TrySubmit("note", "1");
        var submits = new List<Task<Intake.SubmitOutcome>>();
        await Deadline.Until("one runs", Limit, () =>
        {
            submits.Add(silos.TrySubmit("note", "2", more: s => s with { IsNew = true }));
            return Task.FromResult(_witness.Ran.Contains("2"));
        });
        Assert.DoesNotContain("1", _witness.Ran);
        Assert.All(submits, s => Assert.False(s.IsCompleted));

        answer.SetResult();
        foreach (var submit in submits.Append(again))
            Assert.Equal((TaskState.Succeeded, 1), await EndOf(silos, await submit));
        Assert.Equal(submits.Count + 2, _witness.Ran.Count);
    }

    /// <summary>A refusal would say that it never runs.</summary>
    [Fact]
    public async Task Submit_NewAndItCannotBeStored_IsUncertain()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "Nothing begins early while the store is not well.");
        await using var silos = await StartWarm();
        silos.Faults.Answers = async answers =>
        {
            await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Contains("2")));
            return Array.ConvertAll(answers, _ => new WriteAnswer(default, new StoreUnavailableException("The test wants it so.")));
        };
        Assert.IsType<Intake.SubmitUncertain>(await silos.TrySubmit("note", "2", more: s => s with { IsNew = true }));
        Assert.Single(_witness.Ran, "2");
    }

    /// <summary>The queue is up, and so long that what it is told of now it cannot have found in the store; it does not look there any more.</summary>
    private async Task<TestSilos> StartWarm()
    {
        var time = new ShiftedTime();
        var silos = await TestSilos.Start(services: s =>
        {
            Witness.Register(s, _witness);
            s.AddSingleton<TimeProvider>(time);
            s.PostConfigure<Queues.QueueOptions>(o => o.Sweep = TimeSpan.FromHours(1));
        });
        await silos.End(await silos.Submit("note", "0"));
        time.Shift += 2 * FreshTasks.Lifetime;
        return silos;
    }

    private static async Task<(TaskState State, int Attempt)> EndOf(TestSilos silos, Intake.SubmitOutcome outcome)
    {
        var task = await silos.End(Assert.IsType<Intake.TaskAccepted>(outcome).Receipt.TaskId);
        return (task.State, task.Attempt);
    }

    private static async Task<TaskId> Later(TestSilos silos)
    {
        var id = TaskId.New(new Queues.PartitionId(Queues.QueueName.Default, 0), DateTimeOffset.UtcNow);
        await Deadline.Until("it is taken in", Limit, async () => await silos.TrySubmit("note", "2", id: id) is Intake.TaskAccepted);
        return id;
    }

    private static async Task<long> Ended(TestSilos silos, TaskId id) =>
        (await silos.Cluster.Silos[0].ServiceProvider.GetRequiredService<IDurableRecords>().Count(id.Partition))[(int)TaskState.Succeeded];

    private static async Task<int> Awake(TestSilos silos) =>
        (await silos.Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics()).Where(s => s.GrainType.Contains("TaskGrain", StringComparison.Ordinal)).Sum(s => s.ActivationCount);

    /// <summary>The run with storage faults.</summary>
    private static async Task<T> Patiently<T>(Func<Task<T>> ask)
    {
        var answer = default(T);
        await Deadline.Until("an answer", Limit, async () =>
        {
            try
            {
                answer = await ask();
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        });
        return answer!;
    }

    private Task<TestSilos> Start(short silos = 1) => TestSilos.Start(silos, services: s => Witness.Register(s, _witness));
}
