using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Silo.Chaos;
using MorningAI.Tests.Unit.Handlers;

namespace MorningAI.Tests.Unit.Chaos;

public sealed class LedgerHandlerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("morningai-ledger-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Handle_TwoSteps_ReaderFindsTheExecutionAndEachStepRunThenKept()
    {
        var context = new TestTaskContext();
        LedgerResult result;
        using (var file = new ExecutionLedger(_folder.FullName, TimeProvider.System))
            result = await new LedgerHandler(file).Handle(new LedgerPayload(2, 2), context);

        var ledger = new RunLedger();
        var path = Assert.Single(Directory.GetFiles(_folder.FullName));
        LedgerReader.ReadExecutions(ledger, LedgerReader.ProcessOf(path), File.ReadAllLines(path));

        var task = ledger.Of(context.TaskId.ToString());
        var execution = Assert.Single(task.Executions);
        Assert.Equal((result.Execution, 1, Environment.ProcessId), (execution.Id, execution.Attempt, execution.Process));
        Assert.NotNull(execution.EndedAt);
        Assert.Equal([(1, false), (1, true), (2, false), (2, true)], task.Steps.Select(s => (s.Step, s.Kept)));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(600_001, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 101)]
    public void Check_OutOfBounds_SaysTheBounds(int workMs, int steps) => Assert.Contains("set it from 0 to", LedgerHandler.Check(new LedgerPayload(workMs, steps)));
}
