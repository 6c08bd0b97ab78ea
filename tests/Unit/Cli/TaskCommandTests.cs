using System.Text.Json;
using MorningAI.Cli;

namespace MorningAI.Tests.Unit.Cli;

public sealed class TaskCommandTests : IDisposable
{
    private static readonly string Path = $"/tasks/{Said.Id}";
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Get_FailedTask_ShowsItAndSucceeds()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET " + Path, 200, Said.Task("failed", 3, ""","error":{"code":"timed_out","message":"too\u001b[2Jslow"}""", "submitted", "begun"));

        var said = await _cli.Run(silo, "task", "get", Said.Id.ToString());

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Contains("state     failed", said.Out);
        Assert.Contains("timed_out: too?[2Jslow", said.Out);
        Assert.Contains("1970-01-01 00:00:01  queued: begun", said.Out);
    }

    [Fact]
    public async Task Get_Unknown_SaysWhatTheSiloSaid()
    {
        await using var silo = await FakeSilo.Start();

        var said = await _cli.Run(silo, "task", "get", Said.Id.ToString(), "--json");

        Assert.Equal((ExitCode.BadInput, ""), (said.Code, said.Out));
        Assert.Contains("Not found (404", said.Error);
    }

    [Fact]
    public async Task Watch_ConnectionDropsAndStoreIsAway_ShowsEachHistoryLineOnce()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET " + Path, 200, Said.Task("queued", 1, "", "one"))
            .On("GET " + Path, 200, Said.Task("running", 2, "", "one", "two"))
            .Drop("GET " + Path)
            .On("GET " + Path, 503, "{}")
            .On("GET " + Path, 200, Said.Task("succeeded", 6, ""","result":7""", "one", "two", "three", "four"));

        var said = await _cli.Run(silo, "task", "watch", Said.Id.ToString());

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Equal(["one", "two", "three", "four", "7"], said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[^1].Trim()));
        Assert.Contains("Asking again", said.Error);
        Assert.Contains("Connected again.", said.Error);
        Assert.Equal(["", "?after=1&wait_seconds=20", "?after=2&wait_seconds=20"], silo.Calls.Select(call => call.Query).Distinct());
    }

    [Fact]
    public async Task Watch_SiloStaysAway_GivesUpAfterThirtySeconds()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET " + Path, 200, Said.Task("queued", 1)).Drop("GET " + Path);

        var said = await _cli.Run(silo, "task", "watch", Said.Id.ToString());

        Assert.Equal(ExitCode.NoSilo, said.Code);
        Assert.Equal(TimeSpan.FromSeconds(30), _cli.Time.Passed);
    }

    [Fact]
    public async Task Watch_StoreStaysAway_IsUnavailable()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET " + Path, 200, Said.Task("queued", 1)).On("GET " + Path, 503, "{}");

        Assert.Equal(ExitCode.Unavailable, (await _cli.Run(silo, "task", "watch", Said.Id.ToString())).Code);
    }

    [Fact]
    public async Task Watch_SiloNotThere_SaysSoAtOnce()
    {
        var said = await _cli.Run(["task", "watch", Said.Id.ToString(), "--url", "http://127.0.0.1:1"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.NoSilo, TimeSpan.Zero), (said.Code, _cli.Time.Passed));
    }

    [Fact]
    public async Task Watch_EarlyAnswersWithoutNews_AreNotAskedInATightLoop()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET " + Path, 200, Said.Task("queued", 1))
            .On("GET " + Path, 200, Said.Task("queued", 1))
            .On("GET " + Path, 200, Said.Task("queued", 1))
            .On("GET " + Path, 200, Said.Task("succeeded", 2));

        await _cli.Run(silo, "task", "watch", Said.Id.ToString());

        Assert.Equal(TimeSpan.FromSeconds(2), _cli.Time.Passed);
    }

    [Fact]
    public async Task Watch_Json_PrintsALineForEachChange()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET " + Path, 200, Said.Task("queued", 1)).On("GET " + Path, 200, Said.Task("dead", 2));

        var said = await _cli.Run(silo, "task", "watch", Said.Id.ToString(), "--json");

        Assert.Equal(ExitCode.Failed, said.Code);
        Assert.Equal(["queued", "dead"], said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Cancel_Running_ShowsTheNewState()
    {
        await using var silo = await FakeSilo.Start();
        silo.On($"POST {Path}/cancel", 200, Said.Task("cancelled", 2));

        var said = await _cli.Run(silo, "task", "cancel", Said.Id.ToString());

        Assert.Equal((ExitCode.Ok, $"{Said.Id} cancelled"), (said.Code, said.Out.Trim()));
    }

    [Fact]
    public async Task Cancel_Ended_IsRefused()
    {
        await using var silo = await FakeSilo.Start();
        silo.On($"POST {Path}/cancel", 409, """{"title":"The task has ended","status":409}""");

        Assert.Equal(ExitCode.BadInput, (await _cli.Run(silo, "task", "cancel", Said.Id.ToString())).Code);
    }

    [Fact]
    public async Task Retry_OneThatEnded_PrintsTheNewTaskAndSaysThatTheOldOneStays()
    {
        const string old = "default.0.00000000000000000000000009";
        await using var silo = await FakeSilo.Start();
        silo.On($"POST /tasks/{old}/retry", 202, Said.Receipt());

        var said = await _cli.Run(silo, "task", "retry", old);

        Assert.Equal((ExitCode.Ok, $"{Said.Id}{Environment.NewLine}"), (said.Code, said.Out));
        Assert.Contains("stays as it ended", said.Error, StringComparison.Ordinal);
    }
}
