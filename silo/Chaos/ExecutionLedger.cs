using System.Globalization;
using MorningAI.Handlers;

namespace MorningAI.Silo.Chaos;

/// <summary>What the handlers of this process did: one file a process, <c>executions-PID.log</c>.</summary>
public sealed class ExecutionLedger(string folder, TimeProvider time) : IDisposable
{
    public const string FilePrefix = "executions-";
    public const string Started = "started";
    public const string Ended = "ended";

    /// <summary>A step's body begins.</summary>
    public const string StepBegan = "step-began";

    /// <summary>A step's result is durable: from here on its body must never begin again.</summary>
    public const string StepKept = "step-kept";

    private readonly LedgerFile _file = new(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{FilePrefix}{Environment.ProcessId}.log")), time);

    public void Write(string happening, ITaskContext context, string execution) =>
        _file.Append(happening, context.TaskId.ToString(), Text(context.Attempt), execution);

    public void WriteStep(string happening, ITaskContext context, string execution, int step) =>
        _file.Append(happening, context.TaskId.ToString(), Text(context.Attempt), execution, Text(step));

    public void Dispose() => _file.Dispose();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
