using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Handlers;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Workers;

public sealed class AttemptExecutorTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly WorkerOptions WorkerOptions = new();

    private readonly FakeTimeProvider _time = new(Given.Now);
    private readonly HeldTask _held = new(Given.Id(), default, acceptedAt: 0);
    private readonly TaskCompletionSource<ITaskContext> _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServiceProvider? _services;
    private AttemptExecutor? _executor;

    public void Dispose() => _services?.Dispose();

    [Fact]
    public async Task Execute_HandlerReturns_IsSucceededWithItsJson()
    {
        var result = await Execute((payload, _) => Task.FromResult(payload.Text + "!"));
        var succeeded = Assert.IsType<AttemptSucceeded>(result);
        Assert.Equal("\"hello!\"", System.Text.Encoding.UTF8.GetString(succeeded.Result));
        Assert.Null(succeeded.Degraded);
    }

    [Fact]
    public async Task Execute_HandlerMarksItself_IsDegraded()
    {
        var result = await Execute((_, context) =>
        {
            context.MarkDegraded("the model is away");
            return Task.FromResult("");
        });
        Assert.Equal("the model is away", Assert.IsType<AttemptSucceeded>(result).Degraded);
    }

    [Fact]
    public async Task Execute_HandlerSaysNothing_ResultCarriesNothing() =>
        Assert.Null((await Execute((_, _) => Task.FromResult(""))).Said);

    [Fact]
    public async Task Execute_HandlerLogsAndFails_TheFailureCarriesTheLines()
    {
        var result = await Execute((_, context) =>
        {
            context.Log("the oven is cold", TaskLogLevel.Warning);
            context.Stream("text");
            throw new InvalidOperationException("no");
        });
        Assert.IsType<AttemptFailed>(result);
        Assert.Equal("the oven is cold", Assert.Single(result.Said!.Lines).Text);
    }

    [Fact]
    public async Task Execute_HandlerThrows_KeepsTheMessageAndNoStackTrace() =>
        Assert.Equal(
            new TaskError(TaskError.HandlerFailed, "The oven is cold."),
            Error(await Execute((_, _) => throw new InvalidOperationException("The oven is cold."))));

    [Fact]
    public async Task Execute_HandlerFailsWithACode_KeepsIt() =>
        Assert.Equal(
            new TaskError("cold_oven", "The oven is cold."),
            Error(await Execute((_, _) => throw new TaskFailedException("cold_oven", "The oven is cold."))));

    [Fact]
    public async Task Execute_HandlersOwnCancellation_IsAFailureWithItsMessage()
    {
        var error = Error(await Execute(async (_, _) =>
        {
            await Task.Yield();
            throw new TaskCanceledException("The oven did not answer within 5 s.");
        }));
        Assert.Equal(TaskError.HandlerFailed, error.Code);
        Assert.Contains("The oven did not answer within 5 s.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_UnknownKind_NamesTheKnown()
    {
        var error = Error(await Execute((_, _) => Task.FromResult(""), Given.Begun(kind: TaskKind.Parse("other"))));
        Assert.Equal(new TaskError(TaskError.UnknownKind, "No handler is registered for the kind 'other'. Known: scripted."), error);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"text\":1}")]
    [InlineData("{")]
    public async Task Execute_PayloadUnreadable_SaysSoAndDoesNotRun(string payload)
    {
        var error = Error(await Execute((_, _) => throw new InvalidOperationException("It ran."), Given.Begun(payload: payload)));
        Assert.Equal(TaskError.Unreadable, error.Code);
        Assert.DoesNotContain("ScriptedPayload", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_TimeoutObeyed_IsTimedOut()
    {
        var run = Execute(WaitForToken, Given.Begun(Limit));
        await _entered.Task.InTime();
        _time.Advance(Limit);
        Assert.Equal(new TaskError(TaskError.TimedOut, "The attempt ran longer than 10 s. Give it more time, or make it quicker."), Error(await run.InTime()));
        Assert.Equal(0, _executor!.Abandoned);
    }

    [Fact]
    public async Task Execute_NoTimeoutOfItsOwn_HasTheHandlers()
    {
        var run = Execute(WaitForToken, Given.Begun(), options => options.Timeout = TimeSpan.FromSeconds(3));
        await _entered.Task.InTime();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.StartsWith("The attempt ran longer than 3 s.", Error(await run.InTime()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_TimeoutIgnored_IsAbandonedUntilItEnds()
    {
        var release = new TaskCompletionSource<string>();
        var run = Execute((_, context) => Enter(context, release.Task), Given.Begun(Limit));
        await _entered.Task.InTime();
        _time.Advance(Limit);
        await Until.Passes(_time, TimeSpan.FromMilliseconds(500), () => run.IsCompleted, "the attempt is abandoned");

        Assert.True(_time.GetUtcNow() >= Given.Now + Limit + WorkerOptions.AbandonAfter);
        Assert.Equal(new TaskError(TaskError.TimedOut, "The attempt ran longer than 10 s and ignored its cancellation. Give it more time, or make it quicker."), Error(await run));
        Assert.Equal(1, _executor!.Abandoned);

        release.SetResult("late");
        await Until.True(() => _executor.Abandoned == 0, "the abandoned handler has ended");
    }

    [Fact]
    public async Task Execute_AbandonedHandlerReportsProgress_IsNotHeard()
    {
        var release = new TaskCompletionSource<string>();
        var heard = new List<TaskProgress>();
        var run = Execute((_, context) => Enter(context, release.Task), Given.Begun(Limit), report: heard.Add);
        var context = await _entered.Task.InTime();
        _time.Advance(Limit);
        await Until.Passes(_time, TimeSpan.FromMilliseconds(500), () => run.IsCompleted, "the attempt is abandoned");
        context.ReportProgress(0.9);
        Assert.Empty(heard);
        release.SetResult("late");
    }

    [Fact]
    public async Task Execute_Cancelled_IsCancelledNotTimedOut()
    {
        var run = Execute(WaitForToken);
        await _entered.Task.InTime();
        _held.Stop(StopReason.Cancelled);
        Assert.Equal(TaskError.Cancelled, Error(await run.InTime()).Code);
    }

    [Fact]
    public async Task Execute_Draining_IsHandedBack()
    {
        var run = Execute(WaitForToken);
        await _entered.Task.InTime();
        _held.Stop(StopReason.Draining);
        Assert.IsType<AttemptHandedBack>(await run.InTime());
    }

    [Fact]
    public async Task Execute_DrainingIgnored_IsHandedBackAndAbandoned()
    {
        var release = new TaskCompletionSource<string>();
        var run = Execute((_, context) => Enter(context, release.Task));
        await _entered.Task.InTime();
        _held.Stop(StopReason.Draining);
        await Until.Passes(_time, TimeSpan.FromMilliseconds(500), () => run.IsCompleted, "the attempt is abandoned");
        Assert.IsType<AttemptHandedBack>(await run);
        Assert.Equal(1, _executor!.Abandoned);
        release.SetResult("late");
    }

    [Fact]
    public async Task Execute_FinishesInSpiteOfItsCancellation_KeepsTheResult()
    {
        var run = Execute(async (_, context) =>
        {
            var stopped = new TaskCompletionSource();
            await using var registration = context.CancellationToken.Register(stopped.SetResult);
            _entered.SetResult(context);
            await stopped.Task;
            return "done";
        });
        await _entered.Task.InTime();
        _held.Stop(StopReason.Draining);
        Assert.IsType<AttemptSucceeded>(await run.InTime());
    }

    [Fact]
    public async Task Execute_HandlerBlocksItsThread_DoesNotBlockTheCaller()
    {
        using var block = new ManualResetEventSlim();
        var run = Execute((_, _) =>
        {
            Assert.True(block.Wait(Given.Patience));
            return Task.FromResult("");
        });
        Assert.False(run.IsCompleted); // and this line was reached while it blocks
        block.Set();
        Assert.IsType<AttemptSucceeded>(await run.InTime());
    }

    [Fact]
    public async Task Execute_ResultThatIsNotJson_IsUnreadable()
    {
        using var services = new ServiceCollection().AddTaskHandler<NotANumberHandler>("scripted").BuildServiceProvider();
        var error = Error(await New(services).Execute(_held, Given.Begun(), _ => { }, _ => Task.CompletedTask, _ => Task.FromResult(true)));
        Assert.Equal(TaskError.Unreadable, error.Code);
    }

    [Fact]
    public void AddTaskHandler_TimeoutLongerThanATimerCanRun_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ScriptedHandler.Services((_, _) => Task.FromResult(""), o => o.Timeout = TimeSpan.MaxValue));

    private static TaskError Error(AttemptResult result) => Assert.IsType<AttemptFailed>(result).Error;

    private Task<string> Enter(ITaskContext context, Task<string> result)
    {
        _entered.TrySetResult(context);
        return result;
    }

    private async Task<string> WaitForToken(ScriptedPayload payload, ITaskContext context)
    {
        _entered.TrySetResult(context);
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, context.CancellationToken);
        return "";
    }

    private Task<AttemptResult> Execute(Script script, AttemptBegun? begun = null, Action<HandlerOptions>? configure = null, Action<TaskProgress>? report = null)
    {
        _services = ScriptedHandler.Services(script, configure);
        _executor = New(_services);
        return _executor.Execute(_held, begun ?? Given.Begun(), report ?? (_ => { }), _ => Task.CompletedTask, _ => Task.FromResult(true));
    }

    private AttemptExecutor New(ServiceProvider services) => new(
        services.GetRequiredService<HandlerRegistry>(),
        services.GetRequiredService<IServiceScopeFactory>(),
        Options.Create(WorkerOptions),
        _time,
        NullLoggerFactory.Instance);

    private sealed class NotANumberHandler : ITaskHandler<ScriptedPayload, double>
    {
        public Task<double> Handle(ScriptedPayload payload, ITaskContext context) => Task.FromResult(double.NaN);
    }
}
