using MorningAI.Explaining;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using MorningAI.Workers;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Workers that serve some queues, or none.</summary>
public sealed class RoleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Witness _witness = new();

    [Fact]
    public async Task Worker_ServesOneQueue_LeavesTheOthersAloneAndTheySayWhy()
    {
        await using var silos = await Start(o => o.Queues.Add("faq"));
        var other = await Submit(silos, QueueName.Default);
        await silos.End(await Submit(silos, QueueName.Parse("faq")));

        WaitReason? why = null;
        await Deadline.Until("the reason", Limit, async () =>
        {
            try
            {
                return (why = (await silos.Grains.GetGrain<IExplainerGrain>(0).OfTask(other))!.Reasons.FirstOrDefault(r => r.Code == WaitCode.NoWorker)) is not null;
            }
            catch (StoreUnavailableException)
            {
                return false; // the run with storage faults
            }
        });
        Assert.Contains("serves the queue default", why!.Text);
        Assert.Single(_witness.Ran);
        Assert.Equal(["faq"], (await silos.Grains.GetWorkerRegistry().List()).Single().Report.Queues!);
    }

    [Fact]
    public async Task Worker_Disabled_RunsNothingAndAnotherSiloDoes()
    {
        var started = 0;
        await using var silos = await Start(o => o.Enabled = Interlocked.Increment(ref started) != 1, 2);
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Submit(silos, QueueName.Default)));
        foreach (var id in ids)
            Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);

        var workers = await silos.Grains.GetWorkerRegistry().List();
        Assert.Equal([0, 64], workers.Select(w => w.Report.Concurrency).Order());
        Assert.Equal(0, workers.Single(w => w.Report.Concurrency == 0).Report.Finished);
    }

    private static async Task<TaskId> Submit(TestSilos silos, QueueName queue) =>
        ((TaskAccepted)await silos.TrySubmit("note", "1", id: TaskId.New(new PartitionId(queue, 0), DateTimeOffset.UtcNow))).Receipt.TaskId;

    private Task<TestSilos> Start(Action<WorkerOptions> workers, short silos = 1) =>
        TestSilos.Start(silos, workers, s => Witness.Register(s, _witness));
}
