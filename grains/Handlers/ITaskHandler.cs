using Microsoft.Extensions.Logging;
using MorningAI.Tasks;

namespace MorningAI.Handlers;

/// <summary>
/// Does the work of one kind of task. Registered with <c>services.AddTaskHandler&lt;THandler&gt;("kind")</c>; one
/// instance an attempt, from a dependency injection scope of its own. Runs on the thread pool, outside any grain.
/// </summary>
/// <remarks>
/// Throw to fail the attempt: the exception's message is stored and shown, its stack trace only logged. An attempt may
/// be repeated after a crash, so side effects must bear that.
/// </remarks>
/// <typeparam name="TPayload">Read from the task's JSON (snake_case); <see cref="System.Text.Json.JsonElement"/> takes any.</typeparam>
/// <typeparam name="TResult">Stored as JSON (snake_case).</typeparam>
public interface ITaskHandler<in TPayload, TResult>
{
    Task<TResult> Handle(TPayload payload, ITaskContext context);
}

/// <summary>A handler that can tell a bad payload before a task is made of it. The check must be quick and touch nothing.</summary>
public interface IPayloadCheck<in TPayload>
{
    /// <returns>What is wrong and how to mend it; null where the payload is good.</returns>
    static abstract string? Check(TPayload payload);
}

/// <summary>What an attempt knows and may say.</summary>
public interface ITaskContext
{
    TaskId TaskId { get; }

    TaskKind Kind { get; }

    /// <summary>From 1.</summary>
    int Attempt { get; }

    TraceId TraceId { get; }

    /// <summary>Cancelled when the task is cancelled, the attempt's time is over, or the silo shuts down. A handler that ignores it is abandoned.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>The silo's own log. Carries the task's id, kind, attempt and trace id in its scope; nothing of it is shown with the task, see <see cref="Log"/>.</summary>
    ILogger Logger { get; }

    TimeProvider Time { get; }

    /// <summary>Tells watchers how far it is. Cheap; the latest wins.</summary>
    /// <param name="fraction">0 to 1; values outside are clamped.</param>
    void ReportProgress(double fraction, string? message = null);

    /// <summary>
    /// Adds a line to the task's log, which everybody sees who may see the task. Kept with the task: stored with its next
    /// change, after 5 s or at the attempt's end, whichever comes first. The newest 200 lines stay, within 32,768 characters.
    /// </summary>
    /// <param name="text">Cut after 1,000 characters.</param>
    void Log(string text, TaskLogLevel level = TaskLogLevel.Info);

    /// <summary>
    /// Shows watchers a piece of text as it is being written. Cheap: pieces travel together. It is not stored, the newest
    /// 65,536 characters are kept in memory for watchers who come later; what must last belongs in the result.
    /// </summary>
    void Stream(string text);

    /// <summary>What was streamed so far is void, and a text begins anew; a new attempt does that by itself.</summary>
    void RestartStream();

    /// <summary>
    /// Runs <paramref name="step"/> unless this attempt or an earlier one has finished a step of this name: then its stored
    /// result is returned. The result is durable before this returns, so what the step did outside is not done again by a
    /// retry, after a crash or through an outage. A crash between the end of the step and the storing of its result
    /// repeats it, as nothing can know that it ran: give the outside world <see cref="TaskId"/> and name as its own key.
    /// </summary>
    /// <param name="name">Unique within the task and the same in every attempt: 1 to 100 characters.</param>
    /// <typeparam name="T">Stored as JSON (snake_case); up to 256 KiB a step and 1 MiB a task.</typeparam>
    /// <exception cref="TaskFailedException">The result is too large or has no form in JSON, or another attempt has taken this one's place.</exception>
    Task<T> Step<T>(string name, Func<CancellationToken, Task<T>> step);

    /// <summary>Marks the result as second best (a fallback made it), with the reason in words.</summary>
    void MarkDegraded(string reason);
}
