namespace MorningAI.Cli.Silos;

/// <summary>The state of a cluster as <c>/ops/overview</c> tells it. All of it is for people to read.</summary>
internal sealed record Overview
{
    public required SiloView Silo { get; init; }
    public ClusterView? Cluster { get; init; }
    public StoreView? Store { get; init; }
    /// <remarks>The generated reader sets a member that is not there to null, over its default.</remarks>
    public IReadOnlyList<WorkerView> Workers { get; init => field = value ?? []; } = [];
    public IReadOnlyList<QueueView> Queues { get; init => field = value ?? []; } = [];

    /// <summary>Those that are open.</summary>
    public IReadOnlyList<AlertView> Alerts { get; init => field = value ?? []; } = [];

    /// <summary>How many tasks are in each state; null where the silo does not count them.</summary>
    public IReadOnlyDictionary<string, long>? Tasks { get; init; }
}

internal sealed record SiloView(string Name, string? Version, string? Url, DateTimeOffset? StartedAt);

internal sealed record ClusterView(string? ClusterId, string? ServiceId, IReadOnlyList<MemberView>? Silos);

internal sealed record MemberView(string Name, string? Address, string? Status);

/// <param name="Kind"><c>embedded</c> or <c>redis</c>.</param>
internal sealed record StoreView(string Kind, string? State, string? Endpoint);

internal sealed record WorkerView
{
    public required string Name { get; init; }
    public string? Host { get; init; }

    /// <summary><c>healthy</c>, <c>draining</c> or <c>stale</c>.</summary>
    public required string Health { get; init; }

    public int Concurrency { get; init; }
    public int Running { get; init; }
    public int Waiting { get; init; }

    /// <summary>Handlers that ignored their end and still hold a thread.</summary>
    public int Abandoned { get; init; }

    public long Finished { get; init; }
    public DateTimeOffset? LastBeatAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public IReadOnlyList<string> Kinds { get; init => field = value ?? []; } = [];

    /// <summary>Why it is not healthy.</summary>
    public string? Reason { get; init; }
}

internal sealed record QueueView
{
    public required string Queue { get; init; }
    public int Partitions { get; init; }
    public long Ready { get; init; }
    public long Assigned { get; init; }
    public int Workers { get; init; }
    public DateTimeOffset? OldestReadyAt { get; init; }
    public IReadOnlyDictionary<string, long>? States { get; init; }
}
