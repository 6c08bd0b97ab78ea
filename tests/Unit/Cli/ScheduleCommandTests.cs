using MorningAI.Cli;

namespace MorningAI.Tests.Unit.Cli;

public sealed class ScheduleCommandTests : IDisposable
{
    private const string Schedule = """{"name":"nightly","cron":"30 4 * * *","zone":"Europe/Berlin","kind":"faq","payload":{},"queue":"faq","priority":"P2","misfire":"once","overlap":"allow","paused":false,"created_at":"2026-05-01T00:00:00Z","next_due":"1970-01-02T04:30:00Z","fired":3,"overlapped":0}""";
    private static readonly string Paused = Schedule.Replace("\"paused\":false", "\"paused\":true,\"paused_by\":\"eve\\u001b[2J\"", StringComparison.Ordinal);
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Add_AllOptions_SendsTheContract()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("PUT /schedules/nightly", 201, Schedule);

        var said = await _cli.Run(silo, "schedule", "add", "nightly", "faq", "--cron", "30 4 * * *", "--zone", "Europe/Berlin", "--payload", """{"n":1}""", "--queue", "faq", "--priority", "p1", "--timeout", "5m", "--misfire", "all", "--overlap", "skip");

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Error));
        Assert.StartsWith("Schedule nightly: next due 1970-01-02", said.Out);
        Assert.Equal(
            """{"cron":"30 4 * * *","zone":"Europe/Berlin","kind":"faq","payload":{"n":1},"queue":"faq","priority":"P1","timeout_seconds":300,"misfire":"all","overlap":"skip"}""",
            Assert.Single(silo.Calls).Body);
    }

    [Theory]
    [InlineData("No Name", "faq", "* * * * *", "once", "No Name")]
    [InlineData("nightly", "No Kind", "* * * * *", "once", "No Kind")]
    [InlineData("nightly", "faq", "* * * * *", "sometimes", "sometimes")]
    public async Task Add_BadArgument_SaysWhichAndAsksNobody(string name, string kind, string cron, string misfire, string expected)
    {
        await using var silo = await FakeSilo.Start();

        var said = await _cli.Run(silo, "schedule", "add", name, kind, "--cron", cron, "--misfire", misfire);

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains(expected, said.Error);
        Assert.Empty(silo.Calls);
    }

    [Fact]
    public async Task Add_WithoutCron_AsksForIt()
    {
        await using var silo = await FakeSilo.Start();

        var said = await _cli.Run(silo, "schedule", "add", "nightly", "faq");

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("--cron", said.Error);
    }

    [Fact]
    public async Task Add_SiloRefuses_SaysWhatItSaid()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("PUT /schedules/nightly", 400, """{"title":"Bad request","detail":"cron: it never comes due."}""");

        var said = await _cli.Run(silo, "schedule", "add", "nightly", "faq", "--cron", "0 0 30 2 *");

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("cron: it never comes due", said.Error);
    }

    [Fact]
    public async Task List_TwoPages_ShowsAll()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /schedules", 200, $$"""{"schedules":[{{Schedule}}],"next":"nightly"}""")
            .On("GET /schedules", 200, $$"""{"schedules":[{{Paused.Replace("nightly", "weekly", StringComparison.Ordinal)}}]}""");

        var said = await _cli.Run(silo, "schedule", "list");

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Contains("nightly", said.Out);
        Assert.Contains("weekly", said.Out);
        Assert.Contains("paused by eve?[2J", said.Out);
        Assert.Equal(["", "?after=nightly"], silo.Calls.Select(c => c.Query));
    }

    [Fact]
    public async Task List_Json_IsOneObject()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /schedules", 200, $$"""{"schedules":[{{Schedule}}]}""");

        var said = await _cli.Run(silo, "schedule", "list", "--json");

        Assert.Equal("nightly", System.Text.Json.JsonDocument.Parse(said.Out).RootElement.GetProperty("schedules")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task PauseResumeTriggerRemove_Schedule_SaysWhatBecameOfIt()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /schedules/nightly/pause", 200, Paused)
            .On("POST /schedules/nightly/resume", 200, Schedule)
            .On("POST /schedules/nightly/trigger", 202, Said.Receipt())
            .On("DELETE /schedules/nightly", 200, """{"removed":"nightly"}""");

        var paused = await _cli.Run(silo, "schedule", "pause", "nightly", "--by", "eve & co");
        var resumed = await _cli.Run(silo, "schedule", "resume", "nightly");
        var triggered = await _cli.Run(silo, "schedule", "trigger", "nightly");
        var removed = await _cli.Run(silo, "schedule", "remove", "nightly");

        Assert.Equal("Schedule nightly: paused by eve?[2J", paused.Out.Trim());
        Assert.StartsWith("Schedule nightly: next due", resumed.Out);
        Assert.Equal(Said.Id.ToString(), triggered.Out.Trim());
        Assert.Equal("Schedule nightly: removed", removed.Out.Trim());
        Assert.Equal("?by=eve%20%26%20co", silo.Calls[0].Query);
    }
}
