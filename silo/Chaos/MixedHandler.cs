using System.Globalization;
using MorningAI.Handlers;

namespace MorningAI.Silo.Chaos;

/// <param name="WorkMs">How long the work takes, in milliseconds: 0 to 600,000.</param>
/// <param name="FailAttempts">The attempts up to this number fail at their end.</param>
public sealed record MixedPayload(int WorkMs, int FailAttempts = 0);

/// <summary>What the handlers of the mixed load did in this process: one file a process, <c>mixed-PID.log</c>.</summary>
public sealed class MixedLedger(string folder, TimeProvider time) : IDisposable
{
    public const string FilePrefix = "mixed-";
    public const string Started = "started";
    public const string Ended = "ended";
    public const string Failed = "failed";

    private readonly LedgerFile _file = new(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{FilePrefix}{Environment.ProcessId}.log")), time);

    public void Write(string happening, ITaskContext context, string execution) =>
        _file.Append(happening, context.TaskId.ToString(), context.Attempt.ToString(CultureInfo.InvariantCulture), execution);

    public void Dispose() => _file.Dispose();
}

/// <summary>Kind <c>mixed</c>: takes its time, and fails as often as it is told to.</summary>
public sealed class MixedHandler(MixedLedger ledger) : ITaskHandler<MixedPayload, LedgerResult>, IPayloadCheck<MixedPayload>
{
    public const string Kind = "mixed";

    public static string? Check(MixedPayload payload) => payload.WorkMs is < 0 or > 600_000
        ? string.Create(CultureInfo.InvariantCulture, $"'work_ms' is {payload.WorkMs}; set it from 0 to 600000")
        : null;

    public async Task<LedgerResult> Handle(MixedPayload payload, ITaskContext context)
    {
        var execution = Guid.NewGuid().ToString("N");
        ledger.Write(MixedLedger.Started, context, execution);
        await Task.Delay(TimeSpan.FromMilliseconds(payload.WorkMs), context.Time, context.CancellationToken).ConfigureAwait(false);
        var fails = context.Attempt <= payload.FailAttempts;
        ledger.Write(fails ? MixedLedger.Failed : MixedLedger.Ended, context, execution);
        return fails ? throw new TaskFailedException("on_purpose", "It was told to fail.") : new LedgerResult(execution, context.Attempt);
    }
}
