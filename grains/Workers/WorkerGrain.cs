using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace MorningAI.Workers;

/// <summary>
/// The worker of one silo, as the others see it. The work itself is its silo's <see cref="AttemptRunner"/>. It beats from
/// a timer while its silo lives; its reminder finds it on another silo when not, and then it says so.
/// </summary>
[WorkerPlacement, Reentrant]
internal sealed partial class WorkerGrain(
    [PersistentState("worker", DurableStorage.Name)] IPersistentState<WorkerState> state,
    AttemptRunner runner,
    ClusterView cluster,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<WorkerGrain> logger) : Grain, IWorkerGrain, IRemindable
{
    private const string Switch = "dead-mans-switch";

    /// <summary>A call to a registry whose silo has just died is answered after 30 s; the beats must not stop for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ILogger<WorkerGrain> _logger = logger;
    private IGrainTimer? _beat;
    private Task? _registering;

    private bool IsHome => runner.Worker.Name.Value == this.GetPrimaryKeyString();

    /// <summary>This life of the worker: the runner's where it is home, else the last one that was.</summary>
    private WorkerId Self => IsHome ? runner.Worker : state.State.Worker;

    public async Task<bool> Begin()
    {
        if (!IsHome)
        {
            // Deactivated, it would be made again right here by the next call, whose sender remembers this address.
            this.MigrateOnIdle();
            return false;
        }

        if (_beat is null)
        {
            // First: it is healthy, whatever the store says below.
            _beat = this.RegisterGrainTimer(Beat, new GrainTimerCreationOptions(options.Value.Beat, options.Value.Beat) { KeepAlive = true, Interleave = true });
            await Beat(CancellationToken.None);
        }

        if (_registering is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            _registering = Register();
        await _registering; // one that takes long is not begun a second time
        return true;
    }

    private async Task Register()
    {
        await this.RegisterOrUpdateReminder(Switch, options.Value.DeadMansSwitch, options.Value.DeadMansSwitch);
        state.State.Worker = runner.Worker;
        state.State.BegunAt = time.GetUtcNow();
        state.State.LastBeatAt = state.State.BegunAt;
        await state.WriteStateAsync();
    }

    public Task<WorkerAttachment> Attach(PartitionId partition) =>
        IsHome ? Task.FromResult(runner.Attach(partition)) : throw NotHome(); // what it holds is not known here

    public Task<DispatchReply> Dispatch(PartitionId partition, DispatchBatch batch) =>
        Task.FromResult(IsHome ? runner.Accept(partition, batch) : new DispatchReply(false, Self, 0));

    public Task<LimitedTasks> Limited(string limit) => Task.FromResult(IsHome ? runner.Limited(limit) : new LimitedTasks(Self, [], []));

    public Task Cancel(TaskId task)
    {
        if (IsHome)
            runner.Cancel(task);
        return Task.CompletedTask;
    }

    public Task<byte[]?> HandOver(TaskId task) => IsHome ? runner.HandOver(task) : throw NotHome();

    public Task<WorkerId> Introduce(PartitionId partition)
    {
        if (!IsHome)
            throw NotHome();
        runner.Introduce(partition);
        return Task.FromResult(runner.Worker);
    }

    public async Task Drain()
    {
        if (!IsHome)
            return;
        runner.BeginDrain();
        await Beat(CancellationToken.None);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (IsHome)
            return; // the beat says the rest
        if (state.State.Worker == default || !cluster.IsGone(state.State.Worker.Host))
        {
            this.MigrateOnIdle(); // its silo is alive or coming: the grain belongs there
            return;
        }

        if (time.GetUtcNow() - state.State.LastBeatAt <= options.Value.RemoveAfter)
        {
            LogLost(state.State.Worker, state.State.LastBeatAt);
            await GrainFactory.GetWorkerRegistry().ReportLost(state.State.Worker);
            return;
        }

        await GrainFactory.GetWorkerRegistry().Leave(state.State.Worker);
        if (await this.GetReminder(Switch) is { } reminder)
            await this.UnregisterReminder(reminder);
        LogRemoved(state.State.Worker, state.State.LastBeatAt);
        await state.ClearStateAsync();
        DeactivateOnIdle();
    }

    private async Task Beat(CancellationToken cancellationToken)
    {
        runner.ReturnWaiting();
        try
        {
            await GrainFactory.GetWorkerRegistry().Beat(runner.Report()).WaitAsync(Patience, time, cancellationToken);
            if (time.GetUtcNow() - state.State.LastBeatAt < options.Value.DeadMansSwitch)
                return;
            state.State.LastBeatAt = time.GetUtcNow();
            await state.WriteStateAsync();
        }
        catch (Exception e)
        {
            LogBeatFailed(runner.Worker, e.Message);
        }
    }

    private OrleansException NotHome() => new($"The worker {this.GetPrimaryKeyString()} is not on {runner.Worker.Name}.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Worker} is lost: its silo is gone, its last beat was at {LastBeatAt}")]
    private partial void LogLost(WorkerId worker, DateTimeOffset lastBeatAt);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Worker} is removed: its last beat was at {LastBeatAt}")]
    private partial void LogRemoved(WorkerId worker, DateTimeOffset lastBeatAt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Worker}: a beat failed ({Reason})")]
    private partial void LogBeatFailed(WorkerId worker, string reason);
}

/// <summary>What is kept of a worker, for the time after its silo's death.</summary>
[GenerateSerializer, Alias("mai.WorkerState")]
public sealed class WorkerState
{
    [Id(0)] public WorkerId Worker { get; set; }
    [Id(1)] public DateTimeOffset BegunAt { get; set; }

    /// <summary>Written once per period of the dead man's switch; the registry knows better while it lives.</summary>
    [Id(2)] public DateTimeOffset LastBeatAt { get; set; }
}
