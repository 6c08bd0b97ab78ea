using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Cluster;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit;

/// <summary>Ids, tasks and bounds that several tests start from.</summary>
internal static class Given
{
    /// <summary>Longer than anything here takes on a busy machine; a test that reaches it has hung.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly PartitionId Partition = PartitionId.Parse("default.0");
    public static readonly TaskKind Kind = TaskKind.Parse("scripted");

    public static WorkerId Worker(string name = "w1", int life = 1) =>
        new(WorkerName.Parse(name), SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), life));

    /// <summary>The same number, the same id.</summary>
    public static Guid Unique(int number) => new(number, 0, 0, new byte[8]);

    public static TaskId Id(int number = 1) => new(Partition, Unique(number));

    /// <summary>Stored already.</summary>
    public static FreshTask Fresh() => new(Queued(), Task.CompletedTask);

    public static TaskRecord Queued() => TaskRules.Create(Submission(), Now);

    public static TaskSubmission Submission() => new()
    {
        Id = Id(),
        Kind = Kind,
        Payload = "{\"text\":\"hello\"}"u8.ToArray(),
        TraceId = new TraceId(Unique(7)),
    };

    public static AttemptBegun Begun(TimeSpan? timeout = null, string payload = "{\"text\":\"hello\"}", TaskKind? kind = null) => new()
    {
        Attempt = new AttemptRef(1, Worker()),
        Kind = kind ?? Kind,
        Payload = System.Text.Encoding.UTF8.GetBytes(payload),
        TraceId = new TraceId(Unique(7)),
        Timeout = timeout,
    };

    /// <summary>A guard of a silo that never stands still for long, and would be found a member if it did.</summary>
    public static PauseGuard NoPauses() => new(
        Stand.In<IClusterMembershipService>((_, _) => ValueTask.CompletedTask),
        new StoreHealth(TimeProvider.System, NullLogger<StoreHealth>.Instance),
        TimeProvider.System,
        NullLogger<PauseGuard>.Instance);

    /// <summary>One silo that lives, at <see cref="Worker"/>'s address, where another has been; or one that was always alone.</summary>
    /// <param name="status">Of the silo that lives, or does not.</param>
    internal static ClusterView Cluster(Func<bool>? isAlone = null, Func<SiloStatus>? status = null)
    {
        var other = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11112), 1);
        return new ClusterView(
            Stand.In<IClusterMembershipService>((_, _) => new ClusterMembershipSnapshot(Members(), new MembershipVersion(1))),
            Stand.In<ILocalSiloDetails>((_, _) => Worker().Host));

        ImmutableDictionary<SiloAddress, ClusterMember> Members()
        {
            var own = new ClusterMember(Worker().Host, status?.Invoke() ?? SiloStatus.Active, "w1");
            var one = ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(Worker().Host, own);
            return isAlone?.Invoke() == true ? one : one.Add(other, new ClusterMember(other, SiloStatus.Dead, "w2"));
        }
    }

    /// <summary>Its neighbours are whoever stands in.</summary>
    internal static DirectAttempts Direct(TimeProvider time, Func<Type, string, object?> find, Func<bool>? isAlone = null, Func<bool>? isOutageCommon = null) =>
        new(Stand.Grains(find), Cluster(isAlone), Stand.In<ICommonOutage>((_, _) => isOutageCommon?.Invoke() == true), time);
}
