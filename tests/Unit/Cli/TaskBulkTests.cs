using MorningAI.Cli;

namespace MorningAI.Tests.Unit.Cli;

public sealed class TaskBulkTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Cancel_Filtered_GoesOnFromSliceToSlice()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks/bulk", 200, $$"""{"tasks":["{{Said.Id}}"],"passed":1,"failed":0,"next":"here"}""");
        silo.On("POST /tasks/bulk", 200, """{"tasks":[],"passed":0,"failed":0}""");

        var said = await _cli.Run(silo, "task", "cancel", "--state", "queued", "--queue", "faq", "--tag", "blue", "--yes");

        Assert.Equal((ExitCode.Ok, $"{Said.Id}\n"), (said.Code, said.Out));
        Assert.Contains("1 tasks cancelled.", said.Error);
        Assert.Equal(
            [
                """{"action":"cancel","state":"queued","queue":"faq","tag":"blue","dry_run":false}""",
                """{"action":"cancel","state":"queued","queue":"faq","tag":"blue","dry_run":false,"after":"here"}""",
            ],
            silo.Calls.Select(c => c.Body));
    }

    [Fact]
    public async Task Retry_DryRun_AsksNobodyAndDoesNothing()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks/bulk", 200, $$"""{"tasks":["{{Said.Id}}"],"passed":0,"failed":0}""");

        var said = await _cli.Run(silo, "task", "retry", "--state", "failed", "--dry-run");

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Contains("would be retried", said.Error);
        Assert.Contains("\"dry_run\":true", Assert.Single(silo.Calls).Body);
    }

    [Theory]
    [InlineData("task", "delete")]
    [InlineData("task", "cancel", "default.0.00000000000000000000000000", "--queue", "faq")]
    [InlineData("deadletter", "delete")]
    [InlineData("task", "delete", "--state", "failed")] // and nobody to ask whether that is meant
    public async Task Run_NotClearWhich_DoesNothing(params string[] arguments)
    {
        await using var silo = await FakeSilo.Start();
        var said = await _cli.Run(silo, arguments);
        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Empty(silo.Calls);
    }

    [Fact]
    public async Task Delete_DeadLetters_AreThoseAlone()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks/bulk", 200, """{"tasks":[],"passed":0,"failed":2}""");

        var said = await _cli.Run(silo, "deadletter", "delete", "--all", "--yes");

        Assert.Equal(ExitCode.Unavailable, said.Code);
        Assert.Contains("2 could not be asked", said.Error);
        Assert.Equal("""{"action":"delete","state":"dead","all":true,"dry_run":false}""", Assert.Single(silo.Calls).Body);
    }

    [Fact]
    public async Task Delete_One_SaysSo()
    {
        await using var silo = await FakeSilo.Start();
        silo.On($"DELETE /tasks/{Said.Id}", 200, $$"""{"deleted":"{{Said.Id}}"}""");
        Assert.Equal($"{Said.Id} deleted\n", (await _cli.Run(silo, "task", "delete", Said.Id.ToString())).Out);
    }
}
