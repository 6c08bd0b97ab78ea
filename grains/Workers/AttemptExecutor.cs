using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Handlers;
using MorningAI.Tasks;
using MorningAI.Telemetry;

namespace MorningAI.Workers;

/// <summary>Runs one attempt's handler, on the thread pool, and says how it ended. Never throws, and never outlasts a handler that does not end.</summary>
internal sealed partial class AttemptExecutor(
    HandlerRegistry handlers,
    IServiceScopeFactory scopes,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly ILogger<AttemptExecutor> _logger = loggers.CreateLogger<AttemptExecutor>();
    private readonly ConcurrentDictionary<TaskKind, ILogger> _ofKinds = new();
    private int _abandoned;

    /// <summary>Handlers that were given up and still run.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    public async Task<AttemptResult> Execute(HeldTask held, AttemptBegun begun, Action<TaskProgress> report, Func<StepResult, Task> keep, Func<AttemptSaid, Task<bool>> say)
    {
        if (!handlers.TryGet(begun.Kind, out var handler))
            return new AttemptFailed(new TaskError(TaskError.UnknownKind, $"No handler is registered for the kind '{begun.Kind}'. Known: {string.Join(", ", handlers.Kinds)}.")) { IsFinal = true };

        var limit = begun.Timeout ?? handler.Options.Timeout;
        if (begun.Deadline - time.GetUtcNow() is { } left && left < limit)
            limit = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        using var stop = new CancellationTokenSource(limit, time);
        using var told = held.Stopping.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), stop);
        using var activity = Tracing.StartAttempt(held.Id, begun);
        var logger = _ofKinds.GetOrAdd(begun.Kind, static (kind, loggers) => loggers.CreateLogger($"MorningAI.Handlers.{kind}"), loggers);
        using var scope = logger.BeginScope(new AttemptScope(held.Id, begun));
        var context = new TaskContext(held.Id, begun, logger, time, report, keep, say, stop.Token);

        var work = Run(handler, begun, context);
        if (!await EndsInTime(work, stop.Token))
            Abandon(held.Id, begun, work);
        var result = Judge(held, begun, handler.Options.Retry, limit, stop.IsCancellationRequested, context, work);
        if (context.Close() is { } said)
            result = result with { Said = said };
        activity?.SetStatus(result is AttemptFailed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
        return result;
    }

    private async Task<byte[]> Run(HandlerDescriptor handler, AttemptBegun begun, TaskContext context)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // it may block, and the caller keeps the time
        await using var scope = scopes.CreateAsyncScope();
        return await handler.Run(scope.ServiceProvider, begun.Payload, context).ConfigureAwait(false);
    }

    /// <summary>A handler has <see cref="WorkerOptions.AbandonAfter"/> to obey its token.</summary>
    private async Task<bool> EndsInTime(Task work, CancellationToken stop)
    {
        await work.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompleted)
            return true;
        await Task.WhenAny(work, Task.Delay(options.Value.AbandonAfter, time, CancellationToken.None));
        return work.IsCompleted;
    }

    private void Abandon(TaskId id, AttemptBegun begun, Task work)
    {
        Interlocked.Increment(ref _abandoned);
        LogAbandoned(id, begun.Attempt, begun.Kind);
        work.ContinueWith(
            ended =>
            {
                Interlocked.Decrement(ref _abandoned);
                LogAbandonedEnded(ended.Exception?.InnerException, id, begun.Attempt);
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    private AttemptResult Judge(HeldTask held, AttemptBegun begun, RetryPolicy policy, TimeSpan limit, bool isLate, TaskContext context, Task<byte[]> work)
    {
        if (work.IsCompletedSuccessfully)
            return new AttemptSucceeded(work.Result, context.Degraded);
        var obeyed = work.IsCompleted;
        if (!obeyed || work.IsCanceled || work.Exception?.InnerException is OperationCanceledException)
        {
            if (held.Reason == StopReason.Draining)
                return new AttemptHandedBack();
            if (held.Reason == StopReason.Cancelled)
                return new AttemptFailed(new TaskError(TaskError.Cancelled, "Cancelled on request.")) { IsFinal = true };
            if (isLate && begun.Deadline <= time.GetUtcNow())
                return new AttemptFailed(new TaskError(TaskError.DeadlineExceeded, $"The task's deadline, {begun.Deadline:u}, passed while this attempt ran{(obeyed ? "" : "; it ignored its cancellation")}.")) { IsFinal = true };
            if (isLate)
                return new AttemptFailed(new TaskError(TaskError.TimedOut, $"The attempt ran longer than {Seconds(limit)}{(obeyed ? "" : " and ignored its cancellation")}. Give it more time, or make it quicker.")) { Policy = policy };
        }

        var fault = FaultOf(work);
        LogFailed(fault, held.Id, begun.Attempt, begun.Kind);
        return fault is TaskFailedException known
            ? new AttemptFailed(new TaskError(known.Code, known.Message)) { IsFinal = known.IsFinal, RetryAfter = known.RetryAfter, Policy = policy }
            : new AttemptFailed(new TaskError(TaskError.HandlerFailed, fault.Message)) { Policy = policy };
    }

    /// <summary>Nobody cancelled it: a cancellation of the handler's own (a client's timeout, mostly) is a failure like any other.</summary>
    private static Exception FaultOf(Task<byte[]> work)
    {
        try
        {
            work.GetAwaiter().GetResult();
            throw new UnreachableException("The work has failed.");
        }
        catch (OperationCanceledException e)
        {
            return new TaskFailedException(TaskError.HandlerFailed, $"The handler cancelled itself: {e.Message}", e);
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static string Seconds(TimeSpan span) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");
}
