using Microsoft.Extensions.Logging;
using MorningAI.Handlers;
using MorningAI.Tasks;

namespace MorningAI.Workers;

internal sealed class TaskContext(TaskId id, AttemptBegun begun, ILogger logger, TimeProvider time, ProgressThrottle progress, AttemptSteps steps, Func<AttemptSaid, Task<bool>> say, CancellationToken stop) : ITaskContext
{
    private AttemptVoice? _voice;
    private bool _closed;

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

    public void Log(string text, TaskLogLevel level = TaskLogLevel.Info)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Volatile.Read(ref _closed))
            Voice.Log(level, text);
    }

    public void Stream(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Volatile.Read(ref _closed))
            Voice.Stream(text);
    }

    public void RestartStream() => Volatile.Read(ref _voice)?.Restart();

    public Task<T> Step<T>(string name, Func<CancellationToken, Task<T>> step) => steps.Run(name, step, stop);

    public void MarkDegraded(string reason) => Degraded = reason;

    /// <summary>The attempt is over. A handler that goes on all the same is not heard any more.</summary>
    /// <returns>What its end is to carry; null where it said nothing.</returns>
    public AttemptSaid? Close()
    {
        Volatile.Write(ref _closed, true);
        return Volatile.Read(ref _voice)?.Close();
    }

    /// <summary>Few handlers have one.</summary>
    private AttemptVoice Voice
    {
        get
        {
            if (Volatile.Read(ref _voice) is { } voice)
                return voice;
            var made = new AttemptVoice(Attempt, say, time);
            return Interlocked.CompareExchange(ref _voice, made, null) ?? made;
        }
    }
}
