using MorningAI.Handlers;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Workers;

public sealed class AttemptStepsTests
{
    private readonly List<StepResult> _kept = [];
    private int _ran;

    [Fact]
    public async Task Run_NewStep_KeepsItsResultBeforeItReturns()
    {
        Assert.Equal(42, await Steps().Run("charge", Count(42), TestContext.Current.CancellationToken));
        var kept = Assert.Single(_kept);
        Assert.Equal(("charge", "42"), (kept.Name, System.Text.Encoding.UTF8.GetString(kept.Result)));
    }

    [Fact]
    public async Task Run_FinishedByAnEarlierAttempt_ReturnsItsResultAndRunsNothing()
    {
        var steps = Steps(new StepResult("charge", "7"u8.ToArray()));
        Assert.Equal(7, await steps.Run("charge", Count(42), TestContext.Current.CancellationToken));
        Assert.Equal(0, _ran);
        Assert.Empty(_kept);
    }

    [Fact]
    public async Task Run_SameNameAtOnce_RunsOnce()
    {
        var steps = Steps();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => steps.Run("charge", Count(1), TestContext.Current.CancellationToken)));
        Assert.All(results, r => Assert.Equal(1, r));
        Assert.Equal(1, _ran);
    }

    [Fact]
    public async Task Run_StepThrows_IsNotKeptAndMayBeTriedAgain()
    {
        var steps = Steps();
        await Assert.ThrowsAsync<IOException>(() => steps.Run<int>("charge", _ => throw new IOException("no line"), TestContext.Current.CancellationToken));
        Assert.Empty(_kept);
        Assert.Equal(2, await steps.Run("charge", Count(2), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_ResultTooLarge_SaysSoAndKeepsNothing()
    {
        var fault = await Assert.ThrowsAsync<TaskFailedException>(() => Steps().Run("page", _ => Task.FromResult(new string('x', AttemptSteps.MaxStepBytes)), TestContext.Current.CancellationToken));
        Assert.Equal(TaskError.StepTooLarge, fault.Code);
        Assert.Empty(_kept);
    }

    [Fact]
    public async Task Run_AllStepsTooLarge_SaysSo()
    {
        var steps = Steps(Enumerable.Range(0, 4).Select(i => new StepResult($"{i}", new byte[AttemptSteps.MaxStepBytes])).ToArray());
        Assert.Equal(TaskError.StepTooLarge, (await Assert.ThrowsAsync<TaskFailedException>(() => steps.Run("one more", Count(1), TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task Run_StoredResultOfAnotherShape_IsAFailureThatSaysWhatToLookAt()
    {
        var fault = await Assert.ThrowsAsync<TaskFailedException>(() => Steps(new StepResult("charge", "\"text\""u8.ToArray())).Run("charge", Count(1), TestContext.Current.CancellationToken));
        Assert.Equal(TaskError.Unreadable, fault.Code);
        Assert.Contains("handler changed", fault.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Run_NoName_IsRefused(string? name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Steps().Run(name!, Count(1), TestContext.Current.CancellationToken));

    [Fact]
    public async Task Run_AfterTheAttemptWasStopped_DoesNotBegin()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Steps().Run("charge", Count(1), new CancellationToken(canceled: true)));
        Assert.Equal(0, _ran);
    }

    private AttemptSteps Steps(params StepResult[] done) => new(done, step =>
    {
        _kept.Add(step);
        return Task.CompletedTask;
    });

    private Func<CancellationToken, Task<int>> Count(int result) => _ =>
    {
        _ran++;
        return Task.FromResult(result);
    };
}
