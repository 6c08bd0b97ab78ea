using Microsoft.Extensions.Logging;
using MorningAI.Handlers;
using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>What a handler has of its attempt. Most ask for little of it, so it is made when it is asked for.</summary>
internal sealed class TaskContext(TaskId id, AttemptBegun begun, ILogger logger, TimeProvider time, Action<TaskProgress> report, Func<StepResult, Task> keep, Func<AttemptSaid, Task<bool>> say, CancellationToken stop) : ITaskContext
{
    private ProgressThrottle? _progress;
    private AttemptSteps? _steps;
    private AttemptVoice? _voice;
    private int _closed;

    public TaskId TaskId => id;

    public TaskKind Kind => begun.Kind;

    public int Attempt => begun.Attempt.Number;

    public TraceId TraceId => begun.TraceId;

    public CancellationToken CancellationToken => stop;

    public ILogger Logger => logger;

    public TimeProvider Time => time;

    /// <summary>Why the result is second best; null when it is not.</summary>
    public string? Degraded { get; private set; }

    public void ReportProgress(double fraction, string? message = null)
    {
        if (IsClosed)
            return;
        var progress = _progress ?? Once(ref _progress, new ProgressThrottle(report, time));
        if (IsClosed)
            progress.Dispose(); // it may have been made a moment too late to be closed
        progress.Post(new TaskProgress(double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1), message is { Length: > 500 } ? message[..500] + "…" : message));
    }

    public void Log(string text, TaskLogLevel level = TaskLogLevel.Info)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!IsClosed)
            Voice.Log(level, text);
    }

    public void Stream(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!IsClosed)
            Voice.Stream(text);
    }

    public void RestartStream() => Volatile.Read(ref _voice)?.Restart();

    public Task<T> Step<T>(string name, Func<CancellationToken, Task<T>> step) => (_steps ?? Once(ref _steps, new AttemptSteps(begun.Steps, keep))).Run(name, step, stop);

    public void MarkDegraded(string reason) => Degraded = reason;

    /// <summary>The attempt is over. A handler that goes on all the same is not heard any more.</summary>
    /// <returns>What its end is to carry; null where it said nothing.</returns>
    public AttemptSaid? Close()
    {
        Interlocked.Exchange(ref _closed, 1);
        Volatile.Read(ref _progress)?.Dispose();
        return Volatile.Read(ref _voice)?.Close();
    }

    private bool IsClosed => Volatile.Read(ref _closed) != 0;

    private AttemptVoice Voice => _voice ?? Once(ref _voice, new AttemptVoice(Attempt, say, time));

    /// <returns>The one that counts: a handler may work on several threads.</returns>
    private static T Once<T>(ref T? place, T made)
        where T : class => Interlocked.CompareExchange(ref place, made, null) ?? made;
}
