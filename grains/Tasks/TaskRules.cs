using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Workers;

namespace MorningAI.Tasks;

/// <summary>What happens to a task, as pure functions from a record to the next one. All moves pass <see cref="Move"/>, so none leaves <see cref="TaskTransitions"/>.</summary>
public static class TaskRules
{
    /// <summary>A task whose workers die this often is taken to be what kills them. Sidekiq's poison pill rule has 3 in 72 h.</summary>
    public const int MaxWorkersLost = 5;

    /// <summary>More lines than this and the middle is dropped: a record's size stays bounded.</summary>
    public const int MaxHistory = 100;

    /// <summary>Characters of a history note.</summary>
    public const int MaxNoteLength = 500;

    /// <summary>Characters of an error's message: what a handler throws may hold a whole page.</summary>
    public const int MaxErrorLength = 4000;

    /// <summary>Why a task is blocked whose idempotency key could not be checked: the store was away.</summary>
    public const string UnverifiedKey = "unverified key";

    /// <param name="blockedBy">What it must wait for before it may be queued; null for nothing.</param>
    public static TaskRecord Create(TaskSubmission submission, DateTimeOffset now, string? blockedBy = null)
    {
        var due = submission.DueAt ?? now + submission.Delay;
        if (due <= now)
            due = null;
        var state = blockedBy is not null ? TaskState.Blocked : due is not null ? TaskState.Scheduled : TaskState.Queued;
        return Create(submission, state, due, now, blockedBy);
    }

    private static TaskRecord Create(TaskSubmission submission, TaskState state, DateTimeOffset? due, DateTimeOffset now, string? blockedBy) => new()
    {
        Kind = submission.Kind,
        State = state,
        BlockedBy = blockedBy,
        Rank = QueueRank.Of(submission.Priority, due ?? now),
        TraceId = submission.TraceId,
        ParentSpan = submission.ParentSpan,
        Payload = submission.Payload,
        Timeout = submission.Timeout,
        IdempotencyKey = submission.IdempotencyKey,
        CreatedAt = now,
        DueAt = due,
        Deadline = submission.Deadline,
        Retry = submission.Retry,
        Marks = MarksOf(submission),
        History = [new TaskEvent(now, state, 0, blockedBy)],
    };

    private static TaskMarks? MarksOf(TaskSubmission submission) => submission is { Keys: null, Tags: null } or { Keys: { Order: null, Limit: null }, Tags: null }
        ? null
        : new TaskMarks { OrderKey = submission.Keys?.Order, LimitKey = submission.Keys?.Limit, Follows = submission.Keys?.Follows ?? [], Tags = submission.Tags ?? [] };

    /// <summary>Whatever blocked it is out of the way.</summary>
    public static TaskRecord Unblock(TaskRecord task, DateTimeOffset now) =>
        Move(task, task.DueAt > now ? TaskState.Scheduled : TaskState.Queued, now, task.Attempts, null) with { BlockedBy = null };

    /// <summary>Its time has come, or is not waited for any more.</summary>
    public static TaskRecord Ready(TaskRecord task, DateTimeOffset now, string? note = null) =>
        Move(task, TaskState.Queued, now, task.Attempts, note) with { DueAt = null };

    /// <summary>Whether it waits for nothing but a worker, its time having come.</summary>
    public static bool MayBegin(TaskRecord task, DateTimeOffset now) =>
        task.State == TaskState.Queued || (task.State == TaskState.Scheduled && task.DueAt <= now);

    /// <summary>Whether it waits, and has no time left.</summary>
    public static bool IsOverdue(TaskRecord task, DateTimeOffset now) =>
        task.Deadline <= now && task.State is TaskState.Queued or TaskState.Scheduled or TaskState.Blocked;

    public static TaskRecord Expire(TaskRecord task, DateTimeOffset now) => Fail(
        task, new TaskError(TaskError.DeadlineExceeded, $"Its deadline, {task.Deadline:u}, passed before it was done.{(task.Error is { } last ? $" Its last attempt: {last.Message}" : "")}"), now);

    public static TaskRecord Begin(TaskRecord task, WorkerId worker, DateTimeOffset now)
    {
        if (task.State == TaskState.Scheduled)
            task = Ready(task, now);
        var attempt = task.Attempts + 1;
        return Move(task, TaskState.Running, now, attempt, $"on {worker.Name}") with
        {
            Attempts = attempt,
            Marks = task.Marks is { Follows.Length: > 0 } turn ? turn with { Follows = [] } : task.Marks,
            Current = new AttemptRef(attempt, worker),
            StartedAt = now,
        };
    }

    /// <param name="limits">Those that count the attempt.</param>
    public static AttemptBegun Begun(TaskRecord task, string[] limits) => new()
    {
        Attempt = task.Current!.Value,
        Kind = task.Kind,
        Payload = task.Payload,
        TraceId = task.TraceId,
        ParentSpan = task.ParentSpan,
        Timeout = task.Timeout,
        Steps = task.Steps,
        Deadline = task.Deadline,
        Limits = limits,
    };

    /// <summary>
    /// Whether a report about <paramref name="attempt"/> is about the one under way. A queued task takes a report of its
    /// very next attempt as well: that attempt's start was lost with the silo that held this task, and nobody has begun
    /// another since, or its number would be used up.
    /// </summary>
    public static bool IsCurrent(TaskRecord task, AttemptRef attempt) => task.State switch
    {
        TaskState.Running => task.Current == attempt,
        TaskState.Queued or TaskState.Scheduled => attempt.Number == task.Attempts + 1,
        _ => false,
    };

    /// <summary>The first result of a name stays: a step is done once.</summary>
    public static TaskRecord KeepStep(TaskRecord task, StepResult step) =>
        task.Steps.Any(s => s.Name == step.Name) ? task : task with { Steps = task.Steps.Add(step) };

    /// <summary>Ends the attempt under way, by its own report.</summary>
    /// <param name="jitter">0 to 1, drawn anew: of the pause before another attempt.</param>
    public static TaskRecord End(TaskRecord task, AttemptResult result, DateTimeOffset now, double jitter = 1) =>
        Settle(task, result, now, jitter) with { Ended = task.Current ?? task.Ended };

    public static TaskRecord LoseWorker(TaskRecord task, DateTimeOffset now)
    {
        if (task.State != TaskState.Running)
            throw new InvalidOperationException($"A task that is {task.State.WireName()} has no worker to lose.");
        var lost = task.WorkersLost + 1;
        var note = $"worker {task.Current?.Worker.Name} was lost";
        if (lost < MaxWorkersLost)
            return Move(task, TaskState.Queued, now, task.Attempts, note) with { WorkersLost = lost };
        return Move(task, TaskState.Dead, now, task.Attempts, note) with
        {
            WorkersLost = lost,
            FinishedAt = now,
            Error = new TaskError(TaskError.WorkersLost, $"{lost} workers died while they ran this task. Look for what it does to its process before you requeue it."),
        };
    }

    /// <summary>An attempt that may have begun, and of which nothing is stored, can be the current one no more: its number is used up.</summary>
    public static TaskRecord Fence(TaskRecord task) => task with { Attempts = task.Attempts + 1 };

    public static TaskRecord Cancel(TaskRecord task, string? reason, DateTimeOffset now) =>
        Move(task, TaskState.Cancelled, now, task.Attempts, reason) with
        {
            Steps = [],
            DueAt = null,
            FinishedAt = now,
            Error = new TaskError(TaskError.Cancelled, string.IsNullOrWhiteSpace(reason) ? "Cancelled on request." : $"Cancelled on request: {Cut(reason, MaxNoteLength)}"),
        };

    /// <summary>
    /// Nothing is left but that it ended. A record that is not there at all could be made again by a journal with an older
    /// one; an end cannot.
    /// </summary>
    public static TaskRecord Delete(TaskRecord task) => new()
    {
        Kind = task.Kind,
        State = task.State.IsTerminal() ? task.State : throw new InvalidOperationException($"A task that is {task.State.WireName()} cannot be deleted."),
        Rank = task.Rank,
        TraceId = task.TraceId,
        Payload = [],
        CreatedAt = task.CreatedAt,
        FinishedAt = task.FinishedAt,
        Ended = task.Ended,
        Error = new TaskError(TaskError.Deleted, "It was deleted."),
    };

    /// <summary>Another attempt, where one is left and its time has not run out; else the end.</summary>
    private static TaskRecord Retry(TaskRecord task, AttemptFailed failed, DateTimeOffset now, double jitter)
    {
        var failures = task.Failures + 1;
        task = task with { Failures = failures };
        var policy = task.Retry ?? failed.Policy ?? RetryPolicy.Default;
        if (failed.IsFinal || policy.MaxAttempts <= 1)
            return Fail(task, failed.Error, now);
        if (policy.PauseAfter(failures, jitter) is not { } pause)
            return Fail(task, failed.Error, now, TaskState.Dead);
        var least = failed.RetryAfter is not { } asked ? TimeSpan.Zero : asked < RetryPolicy.LongestPause ? asked : RetryPolicy.LongestPause;
        var due = now + (pause > least ? pause : least);
        if (task.Deadline <= due)
            return Expire(task with { Error = failed.Error }, now);
        return Move(task, TaskState.Scheduled, now, task.Attempts, failed.Error.Message) with { DueAt = due, Error = Short(failed.Error) };
    }

    private static TaskRecord Fail(TaskRecord task, TaskError error, DateTimeOffset now, TaskState state = TaskState.Failed) =>
        Move(task, state, now, task.Attempts, error.Message) with { Error = Short(error), DueAt = null, FinishedAt = now };

    private static TaskError Short(TaskError error) => error with { Message = Cut(error.Message, MaxErrorLength)! };

    private static TaskRecord Settle(TaskRecord task, AttemptResult result, DateTimeOffset now, double jitter) => result switch
    {
        AttemptSucceeded s => Move(task, TaskState.Succeeded, now, task.Attempts, s.Degraded) with
        {
            Result = s.Result,
            Degraded = s.Degraded,
            Error = null,
            FinishedAt = now,
            Steps = [],
        },
        AttemptFailed f => Retry(task, f, now, jitter),
        AttemptHandedBack => Move(task, TaskState.Queued, now, task.Attempts, "handed back: the worker is shutting down"),
        _ => throw new ArgumentException($"{result.GetType().Name} is not an attempt result of this version.", nameof(result)),
    };

    /// <exception cref="InvalidOperationException">The move is not in the table: a fault of the caller, never of a user.</exception>
    private static TaskRecord Move(TaskRecord task, TaskState to, DateTimeOffset now, int attempt, string? note)
    {
        if (!TaskTransitions.IsAllowed(task.State, to))
            throw new InvalidOperationException($"A task does not go from {task.State.WireName()} to {to.WireName()}.");
        var full = task.History.Length >= MaxHistory;
        var history = full ? task.History.RemoveAt(MaxHistory / 2) : task.History;
        return task with
        {
            State = to,
            Current = null,
            History = history.Add(new TaskEvent(now, to, attempt, Cut(note, MaxNoteLength))),
            Trail = full ? (task.Trail ?? new TaskTrail()) with { HistoryDropped = (task.Trail?.HistoryDropped ?? 0) + 1 } : task.Trail,
        };
    }

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] + "…" : text;
}
