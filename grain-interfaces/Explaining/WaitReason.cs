using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Explaining;

/// <summary>One reason why a task, or a whole queue, waits; or, where nothing does, what is the case.</summary>
/// <param name="Code">For programs; see <see cref="WaitCode"/>.</param>
/// <param name="Text">For people, with the numbers.</param>
[GenerateSerializer, Immutable, Alias("mai.WaitReason")]
public sealed record WaitReason([property: Id(0)] string Code, [property: Id(1)] string Text)
{
    /// <summary>How many: tasks before it, attempts that run, workers that are busy.</summary>
    [Id(2)] public long? Count { get; init; }

    /// <summary>Out of how many, where there is a bound.</summary>
    [Id(3)] public long? Of { get; init; }

    [Id(4)] public DateTimeOffset? Since { get; init; }
    [Id(5)] public DateTimeOffset? Until { get; init; }

    /// <summary>Who decided so.</summary>
    [Id(6)] public string? By { get; init; }
}

/// <summary>The codes of reasons.</summary>
public static class WaitCode
{
    public const string Ended = "ended";
    public const string Running = "running";
    public const string Scheduled = "scheduled";
    public const string UnverifiedKey = "unverified_key";
    public const string Paused = "paused";
    public const string Draining = "draining";
    public const string Limit = "limit";
    public const string Order = "order";
    public const string Position = "position";
    public const string NoWorker = "no_worker";
    public const string NoHandler = "no_handler";
    public const string WorkersBusy = "workers_busy";
    public const string AtWorker = "at_worker";
    public const string Rebuilding = "rebuilding";
    public const string AbsentJournal = "absent_journal";
    public const string NotInQueue = "not_in_queue";
    public const string Store = "store";
    public const string Idle = "idle";
    public const string Next = "next";
}

[GenerateSerializer, Immutable, Alias("mai.TaskExplanation")]
public sealed record TaskExplanation([property: Id(0)] TaskId Task, [property: Id(1)] TaskState State, [property: Id(2)] WaitReason[] Reasons);

[GenerateSerializer, Immutable, Alias("mai.QueueExplanation")]
public sealed record QueueExplanation([property: Id(0)] QueueName Queue, [property: Id(1)] WaitReason[] Reasons)
{
    /// <summary>Ready, held back and waiting for their time, over all partitions.</summary>
    [Id(2)] public required long Ready { get; init; }

    [Id(3)] public required long HeldBack { get; init; }
    [Id(4)] public required long Scheduled { get; init; }

    /// <summary>With workers.</summary>
    [Id(5)] public required long Assigned { get; init; }
}
