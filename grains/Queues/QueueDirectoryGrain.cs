using Microsoft.Extensions.Logging;
using MorningAI.Cluster;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Queues;

/// <summary>The list of partitions, and their alarm clock: a partition whose silo died is awake elsewhere with the next round.</summary>
public sealed partial class QueueDirectoryGrain(
    [PersistentState("queues", DurableStorage.Name)] IPersistentState<QueueDirectoryState> state,
    ClusterView cluster,
    TimeProvider time,
    ILogger<QueueDirectoryGrain> logger) : Grain, IQueueDirectoryGrain
{
    /// <summary>How often every partition is called.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    /// <summary>A partition whose silo has just died would hold up the others for half a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ILogger<QueueDirectoryGrain> _logger = logger;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(WakeAll, new GrainTimerCreationOptions(TimeSpan.Zero, Round) { Interleave = true });
        return Task.CompletedTask;
    }

    public async Task Register(PartitionId partition)
    {
        if (state.State.Partitions.Contains(partition))
            return;
        state.State.Partitions.Add(partition);
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State.Partitions.Remove(partition);
            throw;
        }

        // Its first task comes next, and silos may not know yet what was decided.
        if (state.State.Controls.Find(c => c.Queue == partition.Queue) is { } control)
            await Wake(partition, control);
    }

    public Task<IReadOnlyList<PartitionId>> List() => Task.FromResult<IReadOnlyList<PartitionId>>([.. state.State.Partitions]);

    public Task<QueueControl[]> Controls() => Task.FromResult<QueueControl[]>([.. state.State.Controls]);

    public async Task<QueueControl> Decide(QueueName queue, QueueCommand command, string? by, string? reason)
    {
        var controls = state.State.Controls;
        var at = controls.FindIndex(c => c.Queue == queue);
        var next = QueueRules.Decide(at < 0 ? null : controls[at], queue, command, new QueueDecision(time.GetUtcNow(), by, reason));
        state.State.Controls = at < 0 ? [.. controls, next] : [.. controls[..at], next, .. controls[(at + 1)..]];
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State.Controls = controls;
            throw;
        }

        // Wherever a partition comes up from now on, it is known there. A silo that does not answer asks within a second.
        await Task.WhenAll(cluster.Members.Where(m => m.Status == SiloStatus.Active).Select(m => Tell(m.Name, next)));
        await Task.WhenAll(state.State.Partitions.Where(p => p.Queue == queue).Select(p => Wake(p, next)));
        return next;
    }

    public Task Wake() => Task.CompletedTask;

    private async Task WakeAll(CancellationToken cancellationToken)
    {
        foreach (var partition in state.State.Partitions.ToArray())
            await Wake(partition, state.State.Controls.Find(c => c.Queue == partition.Queue));
    }

    private async Task Tell(string silo, QueueControl control)
    {
        try
        {
            await GrainFactory.GetGrain<IQueueControlsGrain>(silo).Take(control).WaitAsync(Patience, time);
        }
        catch (Exception e)
        {
            LogNotTold(silo, control.Queue, e.Message);
        }
    }

    private async Task Wake(PartitionId partition, QueueControl? control)
    {
        try
        {
            await (control is null ? GrainFactory.GetPartition(partition).Wake() : GrainFactory.GetPartition(partition).Control(control)).WaitAsync(Patience, time);
        }
        catch (Exception e)
        {
            LogNotWoken(partition, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Silo} was not told what was decided about queue {Queue} ({Reason}); it asks by itself")]
    private partial void LogNotTold(string silo, QueueName queue, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition} did not wake ({Reason}); it is called again")]
    private partial void LogNotWoken(PartitionId partition, string reason);
}

[GenerateSerializer, Alias("mai.QueueDirectoryState")]
public sealed class QueueDirectoryState
{
    [Id(0)] public List<PartitionId> Partitions { get; set; } = [];
    [Id(1)] public List<QueueControl> Controls { get; set; } = [];
}
