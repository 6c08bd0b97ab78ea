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
    public async Task Payload_OfATask_IsOneLineOfJson()
    {
        await using var silo = await FakeSilo.Start();
        silo.On($"GET {Path}/payload", 200, """{"text":"a\u001b[2J","numbers":[1, 2]}""");

        var said = await _cli.Run(silo, "task", "payload", Said.Id.ToString());

        Assert.Equal((ExitCode.Ok, """{"text":"a\u001B[2J","numbers":[1,2]}""" + "\n"), (said.Code, said.Out));
    }

    [Fact]
    public async Task Payload_Unknown_SaysWhatTheSiloSaid()
    {
        await using var silo = await FakeSilo.Start();

        var said = await _cli.Run(silo, "task", "payload", Said.Id.ToString());

        Assert.Equal((ExitCode.BadInput, ""), (said.Code, said.Out));
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
    public async Task Get_TaskWithALog_ShowsItWithoutControlCharacters()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET " + Path, 200, Said.Task("succeeded", 3, ""","log":[{"at":"1970-01-01T00:00:05Z","level":"warning","attempt":1,"text":"slow\u001b[2J"}],"log_dropped":3"""));

        var said = await _cli.Run(silo, "task", "get", Said.Id.ToString());

        Assert.Contains("log\n  … 3 earlier lines are no longer kept\n  1970-01-01 00:00:05  warning, attempt 1: slow?[2J\n", said.Out);
    }

    [Fact]
    public async Task Watch_Events_ShowsEachOnceAndTheTextAsItIsWritten()
    {
        await using var silo = await FakeSilo.Start();
        silo.On($"GET {Path}/events", Events(
            State("a", "running", 1, "on w1"),
            ("b", "progress", """{"attempt":1,"fraction":0.1,"message":"reading"}"""),
            ("c", "log", """{"at":"1970-01-01T00:00:05Z","level":"info","attempt":1,"text":"two pages"}"""),
            ("d", "chunk", """{"attempt":1,"offset":0,"text":"# Ti\u001b"}"""),
            ("d", "progress", """{"attempt":1,"fraction":0.2,"message":"writing: 4 characters"}"""),
            ("e", "chunk", """{"attempt":1,"offset":5,"text":"tle\nbo"}"""),
            ("f", "something_new", "{}"),
            State("g", "succeeded", 1, null),
            ("h", "end", Said.Task("succeeded", 9, ""","result":7"""))));

        var said = await _cli.Run(silo, "task", "watch", Said.Id.ToString());

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Equal(
            """
            1970-01-01 00:00:01  running, attempt 1: on w1
              10 % reading
              1970-01-01 00:00:05  info, attempt 1: two pages
            # Ti?tle
            bo
            1970-01-01 00:00:01  succeeded, attempt 1
            7

            """,
            said.Out);
    }

    [Fact]
    public async Task Watch_StreamBreaksOff_GoesOnAfterTheLastEvent()
    {
        await using var silo = await FakeSilo.Start();
        var asked = new List<string?>();
        silo.On($"GET {Path}/events", Asked(asked, Events(State("a", "running", 1, null))))
            .On($"GET {Path}/events", Asked(asked, http =>
            {
                http.Abort();
                return Task.CompletedTask;
            }))
            .On($"GET {Path}/events", Asked(asked, Events(State("b", "failed", 1, "no"), ("c", "end", Said.Task("failed", 9)))));

        var said = await _cli.Run(silo, "task", "watch", Said.Id.ToString());

        Assert.Equal(ExitCode.Failed, said.Code);
        Assert.Equal(["", "a", "a"], asked);
        Assert.Equal(2, said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("Connected again.", said.Error);
    }

    [Fact]
    public async Task Watch_SiloLostAndAnotherNamed_GoesOnThere()
    {
        await using var silo = await FakeSilo.Start();
        await using var other = await FakeSilo.Start();
        var asked = new List<string?>();
        silo.On($"GET {Path}/events", Events(State("a", "running", 1, null)));
        other.On($"GET {Path}/events", Asked(asked, Events(State("b", "succeeded", 1, null), ("c", "end", Said.Task("succeeded", 9)))));

        var said = await _cli.Run(silo, "task", "watch", Said.Id.ToString(), "--also", other.Url.ToString());

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Equal(["a"], asked);
        Assert.Contains($"Connected again, to {other.Url}", said.Error);
    }

    [Fact]
    public async Task Watch_EventsStayAway_GivesUpAfterThirtySeconds()
    {
        await using var silo = await FakeSilo.Start();
        silo.On($"GET {Path}/events", Events(State("a", "running", 1, null))).Drop($"GET {Path}/events");

        var said = await _cli.Run(silo, "task", "watch", Said.Id.ToString());

        Assert.Equal((ExitCode.NoSilo, TimeSpan.FromSeconds(30)), (said.Code, _cli.Time.Passed));
    }

    private static (string Id, string Name, string Data) State(string id, string status, int attempt, string? note) =>
        (id, "state", $$"""{"at":"1970-01-01T00:00:01Z","status":"{{status}}","attempt":{{attempt}},"note":{{JsonSerializer.Serialize(note)}}}""");

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Events(params (string Id, string Name, string Data)[] events) => async http =>
    {
        http.Response.ContentType = "text/event-stream";
        var text = string.Concat(events.Select(e => $"id: {e.Id}\nevent: {e.Name}\ndata: {e.Data.ReplaceLineEndings("")}\n\n: still here\n\n"));
        await http.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes("retry: 1000\n\n" + text));
    };

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Asked(List<string?> asked, Func<Microsoft.AspNetCore.Http.HttpContext, Task> answer) => http =>
    {
        asked.Add(http.Request.Headers["Last-Event-ID"].ToString());
        return answer(http);
    };

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
