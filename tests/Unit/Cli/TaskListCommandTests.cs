using MorningAI.Cli;

namespace MorningAI.Tests.Unit.Cli;

public sealed class TaskListCommandTests : IDisposable
{
    private const string One = "default.0.00000000000000000000000001";
    private const string Two = "default.0.00000000000000000000000002";
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task List_Filters_AreSentAndPagesAreFollowed()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /tasks", 200, Page(One, "dead~faq.0~~"));
        silo.On("GET /tasks", 200, Page(Two, null));

        var said = await _cli.Run(silo, "task", "list", "--state", "dead", "--queue", "faq", "--kind", "echo");

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Equal(["?take=500&state=dead&queue=faq&kind=echo", "?take=500&state=dead&queue=faq&kind=echo&after=dead~faq.0~~"], silo.Calls.Select(c => c.Query));
        Assert.Contains(One, said.Out, StringComparison.Ordinal);
        Assert.Contains(Two, said.Out, StringComparison.Ordinal);
        Assert.Contains("broken: It broke.", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_MoreThanAreWanted_SaysSo()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /tasks", 200, Page(One, "dead~faq.0~~"));
        silo.On("GET /tasks", 200, Page(Two, null));

        var said = await _cli.Run(silo, "task", "list", "--most", "1");

        Assert.DoesNotContain(Two, said.Out, StringComparison.Ordinal);
        Assert.Contains("--most 0", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requeue_AllInADryRun_NamesThemAndDoesNothing()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /tasks", 200, Page(One, null));

        var said = await _cli.Run(silo, "deadletter", "requeue", "--all", "--dry-run");

        Assert.Equal((ExitCode.Ok, One + Environment.NewLine), (said.Code, said.Out));
        Assert.DoesNotContain(silo.Calls, c => c.Path.Contains("retry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requeue_All_RetriesEach()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /tasks", 200, Page(One, null));
        silo.On($"POST /tasks/{One}/retry", 202, Said.Receipt());

        var said = await _cli.Run(silo, "deadletter", "requeue", "--all");

        Assert.Equal((ExitCode.Ok, Said.Id + Environment.NewLine), (said.Code, said.Out));
    }

    [Fact]
    public async Task Requeue_NeitherIdNorAll_SaysWhatToSay()
    {
        await using var silo = await FakeSilo.Start();
        var said = await _cli.Run(silo, "deadletter", "requeue");
        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("--all", said.Error, StringComparison.Ordinal);
    }

    private static string Page(string id, string? next) => $$"""
        {"tasks":[{"task_id":"{{id}}","kind":"echo","queue":"faq","priority":"P2","status":"dead","attempt":4,"error":{"code":"broken","message":"It broke."},"created_at":"2026-05-01T12:00:00Z","finished_at":"2026-05-01T12:01:00Z"}],"next":{{(next is null ? "null" : $"\"{next}\"")}}}
        """;
}
