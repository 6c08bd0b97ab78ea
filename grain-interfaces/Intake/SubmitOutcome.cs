using MorningAI.Tasks;

namespace MorningAI.Intake;

/// <summary>What became of one submission. Closed: an unknown subtype is a failure.</summary>
[GenerateSerializer, Immutable, Alias("mai.SubmitOutcome")]
public abstract record SubmitOutcome
{
    private protected SubmitOutcome() { }
}

/// <summary>The task exists and will run.</summary>
[GenerateSerializer, Immutable, Alias("mai.SubmitOutcome.Accepted")]
public sealed record TaskAccepted([property: Id(0)] TaskReceipt Receipt) : SubmitOutcome;

/// <summary>The task does not exist and never will: the submission itself is wrong. The message says how to mend it.</summary>
[GenerateSerializer, Immutable, Alias("mai.SubmitOutcome.Refused")]
public sealed record TaskRefused([property: Id(0)] RefusalReason Reason, [property: Id(1)] string Message) : SubmitOutcome;

/// <summary>Nothing could be stored: the task does not exist and will not run. Submit it again later.</summary>
[GenerateSerializer, Immutable, Alias("mai.SubmitOutcome.Unavailable")]
public sealed record StoreUnavailable([property: Id(0)] string Message, [property: Id(1)] TimeSpan RetryAfter) : SubmitOutcome;

/// <summary>
/// Nobody can say: it was sent, and no answer came in time. The task may exist. Submitting the same id again is safe and
/// gets the answer. Submitters make it where no silo answers, a silo where its store and its journal both broke off.
/// </summary>
[GenerateSerializer, Immutable, Alias("mai.SubmitOutcome.Uncertain")]
public sealed record SubmitUncertain([property: Id(0)] TaskId TaskId, [property: Id(1)] string Message) : SubmitOutcome;

/// <summary>What is wrong with a submission.</summary>
[GenerateSerializer, Alias("mai.RefusalReason")]
public enum RefusalReason : byte
{
    /// <summary>No handler is registered for the kind.</summary>
    UnknownKind = 0,

    /// <summary>The kind's handler cannot read the payload.</summary>
    UnreadablePayload = 1,

    /// <summary>The payload is larger than may be.</summary>
    PayloadTooLarge = 2,

    /// <summary>Another field is out of its range.</summary>
    InvalidField = 3,

    /// <summary>The queue takes nothing new: an operator is draining it.</summary>
    QueueDraining = 4,
}

/// <summary>Proof that a task was accepted.</summary>
/// <param name="Status">The task's state: queued for a new one, whatever it is by now for an existing one.</param>
/// <param name="Durability">Where it was safe when this was written.</param>
/// <param name="Created">False where the id existed before: this is the earlier task.</param>
[GenerateSerializer, Immutable, Alias("mai.TaskReceipt")]
public sealed record TaskReceipt(
    [property: Id(0)] TaskId TaskId,
    [property: Id(1)] TraceId TraceId,
    [property: Id(2)] TaskState Status,
    [property: Id(3)] Durability Durability,
    [property: Id(4)] bool Created);
