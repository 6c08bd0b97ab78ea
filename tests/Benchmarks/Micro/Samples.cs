using System.Net;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Tests.Benchmarks.Micro;

/// <summary>What the benchmarks work on: tasks with 200 bytes of payload.</summary>
internal static class Samples
{
    public static readonly PartitionId Partition = PartitionId.Parse("default.0");
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static TaskId NewId() => TaskId.New(Partition, TimeProvider.System.GetUtcNow());

    public static WorkerId Worker(int number) => new(WorkerName.Parse($"silo-{number}"), SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111 + number), 1));

    public static TaskSubmission Submission() => new()
    {
        Id = NewId(),
        Kind = TaskKind.Parse("echo"),
        Payload = new byte[200],
        TraceId = TraceId.New(),
    };

    public static TaskRecord Queued() => TaskRules.Create(Submission(), Now);

    /// <summary>As it is stored in the end.</summary>
    public static TaskRecord Succeeded() => TaskRules.End(TaskRules.Begin(Queued(), Worker(1), Now), new AttemptSucceeded(new byte[200], null), Now);

    public static RecordWrite Write(byte[] body, long version = 1) => new()
    {
        Key = RecordKey.Of(NewId()),
        Version = version,
        Base = 0,
        Writer = 7,
        Body = body,
        Index = new IndexEntry(TaskState.Queued, 42),
    };
}
