using System.Globalization;
using MorningAI.Handlers;

namespace MorningAI.Silo.Chaos;

/// <param name="WorkMs">How long the work takes, in milliseconds: 0 to 600,000.</param>
/// <param name="Steps">In how many parts it is done: 0 to 100.</param>
public sealed record LedgerPayload(int WorkMs, int Steps);

/// <param name="Execution">Unique to this run of the handler: tells whose result was stored.</param>
public sealed record LedgerResult(string Execution, int Attempt);

/// <summary>Kind <c>ledger</c>: takes its time, and writes before and after it what it does to a file outside the system.</summary>
public sealed class LedgerHandler(ExecutionLedger ledger) : ITaskHandler<LedgerPayload, LedgerResult>, IPayloadCheck<LedgerPayload>
{
    public static string? Check(LedgerPayload payload) => payload switch
    {
        { WorkMs: < 0 or > 600_000 } => string.Create(CultureInfo.InvariantCulture, $"'work_ms' is {payload.WorkMs}; set it from 0 to 600000"),
        { Steps: < 0 or > 100 } => string.Create(CultureInfo.InvariantCulture, $"'steps' is {payload.Steps}; set it from 0 to 100"),
        _ => null,
    };

    public async Task<LedgerResult> Handle(LedgerPayload payload, ITaskContext context)
    {
        var execution = Guid.NewGuid().ToString("N");
        ledger.Write(ExecutionLedger.Started, context, execution);
        var part = TimeSpan.FromMilliseconds((double)payload.WorkMs / Math.Max(1, payload.Steps));
        if (payload.Steps == 0)
            await Task.Delay(part, context.Time, context.CancellationToken).ConfigureAwait(false);
        for (var step = 1; step <= payload.Steps; step++)
            await RunStep(step, part, context, execution).ConfigureAwait(false);
        ledger.Write(ExecutionLedger.Ended, context, execution);
        return new LedgerResult(execution, context.Attempt);
    }

    /// <summary>A durable step: once it is kept, no execution of the task may begin its body again.</summary>
    private async Task RunStep(int step, TimeSpan work, ITaskContext context, string execution)
    {
        await context.Step(string.Create(CultureInfo.InvariantCulture, $"step-{step}"), async cancellationToken =>
        {
            ledger.WriteStep(ExecutionLedger.StepBegan, context, execution, step);
            await Task.Delay(work, context.Time, cancellationToken).ConfigureAwait(false);
            return execution;
        }).ConfigureAwait(false);
        ledger.WriteStep(ExecutionLedger.StepKept, context, execution, step);
    }
}
