using Microsoft.Extensions.Logging;
using MorningAI.Handlers;
using MorningAI.Tasks;

namespace MorningAI.Workers;

internal sealed class TaskContext(TaskId id, AttemptBegun begun, ILogger logger, TimeProvider time, ProgressThrottle progress, AttemptSteps steps, CancellationToken stop) : ITaskContext
{
    public TaskId TaskId => id;

    public TaskKind Kind => begun.Kind;

    public int Attempt => begun.Attempt.Number;

    public TraceId TraceId => begun.TraceId;

    public CancellationToken CancellationToken => stop;

    public ILogger Logger => logger;

    public TimeProvider Time => time;

    /// <summary>Why the result is second best; null when it is not.</summary>
    public string? Degraded { get; private set; }

    public void ReportProgress(double fraction, string? message = null) =>
        progress.Post(new TaskProgress(double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1), message is { Length: > 500 } ? message[..500] + "…" : message));

    public Task<T> Step<T>(string name, Func<CancellationToken, Task<T>> step) => steps.Run(name, step, stop);

    public void MarkDegraded(string reason) => Degraded = reason;
}
