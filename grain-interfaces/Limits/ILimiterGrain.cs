using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Limits;

/// <summary>
/// Decides one limit for the whole cluster, in memory: how many attempts run at a time, and how many begin in a time. Key:
/// the limit's name, <c>queue:faq</c>, <c>kind:http</c> or <c>key:faq:tenant-1</c>.
/// </summary>
[Alias("mai.ILimiterGrain")]
public interface ILimiterGrain : IGrainWithStringKey
{
    /// <summary>A task is about to begin on a worker. Asking again for one that has a permit gets the same.</summary>
    /// <returns>False where there is no room: the task's queue partition is told when there is.</returns>
    [Alias("Take")]
    Task<bool> Take(TaskId task, WorkerId worker);

    /// <summary>Its attempt has ended, or was not begun after all.</summary>
    /// <param name="unused">It did not begin: the rate is given back, too.</param>
    [Alias("Release")]
    Task Release(TaskId task, bool unused);

    [Alias("GetStatus")]
    Task<LimiterStatus> GetStatus();
}

/// <summary>A limit at one moment.</summary>
[GenerateSerializer, Immutable, Alias("mai.LimiterStatus")]
public sealed record LimiterStatus
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>Attempts that it counts as running.</summary>
    [Id(1)] public required int Running { get; init; }

    /// <summary>Null for as many as there are.</summary>
    [Id(2)] public int? Concurrency { get; init; }

    /// <summary>Attempts that may begin within <see cref="Per"/>; null for any number.</summary>
    [Id(3)] public int? Rate { get; init; }

    [Id(4)] public TimeSpan Per { get; init; }

    /// <summary>When the next may begin by the rate; null for now.</summary>
    [Id(5)] public DateTimeOffset? NextAt { get; init; }

    /// <summary>It has just come up, and asks the workers what runs: nothing begins before it knows.</summary>
    [Id(6)] public bool Learning { get; init; }
}
