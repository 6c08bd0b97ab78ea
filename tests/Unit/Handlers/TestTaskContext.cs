using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Handlers;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Handlers;

/// <summary>An attempt of the tests' own, which keeps what the handler said.</summary>
internal sealed class TestTaskContext : ITaskContext
{
    public TaskId TaskId { get; init; } = TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UnixEpoch);
    public TaskKind Kind { get; init; } = TaskKind.Parse("test");
    public int Attempt { get; init; } = 1;
    public TraceId TraceId { get; init; } = TraceId.Parse("4c2a67f6-3806-419e-901f-821e17235798");
    public CancellationToken CancellationToken { get; init; } = TestContext.Current.CancellationToken;
    public ILogger Logger { get; init; } = NullLogger.Instance;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called after each report.</summary>
    public Action<double>? OnProgress { get; init; }

    public List<(double Fraction, string? Message)> Progress { get; } = [];
    public string? Degraded { get; private set; }

    public void ReportProgress(double fraction, string? message = null)
    {
        lock (Progress)
            Progress.Add((fraction, message));
        OnProgress?.Invoke(fraction);
    }

    public List<(TaskLogLevel Level, string Text)> Lines { get; } = [];

    /// <summary>The text that watchers see: what was streamed since the last restart.</summary>
    public string Streamed { get; private set; } = "";

    public int Restarts { get; private set; }

    public void Log(string text, TaskLogLevel level = TaskLogLevel.Info) => Lines.Add((level, text));

    public void Stream(string text) => Streamed += text;

    public void RestartStream() => (Streamed, Restarts) = ("", Restarts + 1);

    public Task<T> Step<T>(string name, Func<CancellationToken, Task<T>> step) => step(CancellationToken);

    public void MarkDegraded(string reason) => Degraded = reason;
}
