namespace MorningAI.Silo.Api;

/// <summary><c>GET /ops/overview</c>: workers, queues and tasks at one look.</summary>
public sealed record OverviewResponse(
    SiloResponse Silo,
    ClusterResponse Cluster,
    StoreResponse Store,
    IReadOnlyList<WorkerResponse> Workers,
    IReadOnlyList<QueueResponse> Queues,
    IReadOnlyDictionary<string, long>? Tasks,
    IReadOnlyList<AlertResponse> Alerts);

public sealed record SiloResponse(string Name, string Version, string Url, DateTimeOffset StartedAt);

public sealed record ClusterResponse(string ClusterId, string ServiceId, IReadOnlyList<MemberResponse> Silos);

public sealed record MemberResponse(string Name, string Address, string Status);

/// <summary><c>GET /ops/members</c>: one silo's own view of the cluster; it asks nobody.</summary>
/// <param name="Address">Of the silo that answers: address, port and generation, as in <see cref="MemberResponse.Address"/>.</param>
public sealed record MembersResponse(string Name, string Address, IReadOnlyList<MemberResponse> Silos);

/// <param name="Kind">embedded or redis.</param>
/// <param name="State">healthy, suspect, down or recovering.</param>
/// <param name="Endpoint">Without credentials.</param>
public sealed record StoreResponse(string Kind, string State, string Endpoint, double? LatencyMs, DateTimeOffset? LastAnswerAt, string? Reason);

public sealed record WorkerResponse(
    string Name,
    string Host,
    string Health,
    int Concurrency,
    int Running,
    int Waiting,
    int Abandoned,
    long Finished,
    DateTimeOffset LastBeatAt,
    DateTimeOffset StartedAt,
    IReadOnlyList<string> Kinds,
    string? Reason);

/// <param name="States">Null where the store cannot be asked now.</param>
public sealed record QueueResponse(
    string Queue,
    int Partitions,
    int Ready,
    int Assigned,
    int Workers,
    DateTimeOffset? OldestReadyAt,
    IReadOnlyDictionary<string, long>? States);
