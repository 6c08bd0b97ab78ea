using Microsoft.Extensions.Logging;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Queues;

/// <summary>The list of partitions, and their alarm clock: a partition whose silo died is awake elsewhere with the next round.</summary>
public sealed partial class QueueDirectoryGrain(
    [PersistentState("queues", DurableStorage.Name)] IPersistentState<QueueDirectoryState> state,
    ILogger<QueueDirectoryGrain> logger) : Grain, IQueueDirectoryGrain
{
    /// <summary>How often every partition is called.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

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
    }

    public Task<IReadOnlyList<PartitionId>> List() => Task.FromResult<IReadOnlyList<PartitionId>>([.. state.State.Partitions]);

    public Task Wake() => Task.CompletedTask;

    private async Task WakeAll(CancellationToken cancellationToken)
    {
        foreach (var partition in state.State.Partitions.ToArray())
        {
            try
            {
                await GrainFactory.GetPartition(partition).Wake();
            }
            catch (Exception e)
            {
                LogNotWoken(partition, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition} did not wake ({Reason}); it is called again")]
    private partial void LogNotWoken(PartitionId partition, string reason);
}

[GenerateSerializer, Alias("mai.QueueDirectoryState")]
public sealed class QueueDirectoryState
{
    [Id(0)] public List<PartitionId> Partitions { get; set; } = [];
}
