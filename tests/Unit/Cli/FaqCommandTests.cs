using System.Text.Json;
using MorningAI.Cli;

namespace MorningAI.Tests.Unit.Cli;

public sealed class FaqCommandTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Faq_Succeeds_PrintsTheDocumentAndNothingElse()
    {
        await using var silo = await Answering(Said.Task("succeeded", 2, Said.Document("# Tïtle\n\nbody")));

        var said = await _cli.Run(silo, "faq", " How? ", "--repo", "owner/name");

        Assert.Equal((ExitCode.Ok, "# Tïtle\n\nbody\n"), (said.Code, said.Out));
        Assert.Equal("""{"question":"How?","repo":"owner/name"}""", silo.Calls[0].Body);
        Assert.Contains("running, attempt 1, 40 % writing", said.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Faq_TextIsStreamed_ATerminalShowsItAndStandardOutputIsTheDocumentAlone(bool terminal)
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /api/agent/faq", 202, Said.Receipt()).On($"GET /tasks/{Said.Id}/events", async http =>
        {
            http.Response.ContentType = "text/event-stream";
            (string Name, string Data)[] events =
            [
                ("state", """{"at":"1970-01-01T00:00:01Z","status":"running","attempt":1}"""),
                ("chunk", """{"attempt":1,"offset":0,"text":"half a draft"}"""),
                ("restarted", """{"attempt":1}"""),
                ("chunk", """{"attempt":1,"offset":0,"text":"the real one"}"""),
                ("end", Said.Task("succeeded", 2, Said.Document("# T")).ReplaceLineEndings("")),
            ];
            await http.Response.Body.WriteAsync(Said.Utf8(string.Concat(events.Select(e => $"id: x\nevent: {e.Name}\ndata: {e.Data}\n\n"))));
        });
        _cli.ErrorIsInteractive = terminal;

        var said = await _cli.Run(silo, "faq", "q");

        Assert.Equal((ExitCode.Ok, "# T\n"), (said.Code, said.Out));
        Assert.Equal((terminal, terminal), (said.Error.Contains("half a draft"), said.Error.Contains("the real one")));
        Assert.Contains("running, attempt 1", said.Error);
    }

    [Fact]
    public async Task Faq_Degraded_SaysSoOnError()
    {
        await using var silo = await Answering(Said.Task("succeeded", 2, Said.Document("x") + ""","degraded":"the model failed" """));

        var said = await _cli.Run(silo, "faq", "q");

        Assert.Equal((ExitCode.Ok, "x\n"), (said.Code, said.Out));
        Assert.Contains("second best: the model failed", said.Error);
    }

    [Fact]
    public async Task Faq_Out_WritesTheFileAndNothingToOutput()
    {
        await using var silo = await Answering(Said.Task("succeeded", 2, Said.Document("new")));
        await File.WriteAllTextAsync(_cli.File("f.md"), "old", TestContext.Current.CancellationToken);

        var said = await _cli.Run(silo, "faq", "q", "--out", _cli.File("f.md"));

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Out));
        Assert.Equal("new\n", await File.ReadAllTextAsync(_cli.File("f.md"), TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(_cli.Data));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Faq_OutIsNewOrADanglingLink_MakesTheFile(bool link)
    {
        await using var silo = await Answering(Said.Task("succeeded", 2, Said.Document("new")));
        if (link)
            File.CreateSymbolicLink(_cli.File("f.md"), _cli.File("target.md"));

        var said = await _cli.Run(silo, "faq", "q", "--out", _cli.File("f.md"));

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Equal("new\n", await File.ReadAllTextAsync(_cli.File(link ? "target.md" : "f.md"), TestContext.Current.CancellationToken));
        Assert.Equal(link, new FileInfo(_cli.File("f.md")).LinkTarget is not null);
    }

    [Fact]
    public async Task Faq_OutAndTaskFails_LeavesTheFileAsItWas()
    {
        await using var silo = await Answering(Said.Task("failed", 2));
        await File.WriteAllTextAsync(_cli.File("f.md"), "old", TestContext.Current.CancellationToken);

        var said = await _cli.Run(silo, "faq", "q", "--out", _cli.File("f.md"));

        Assert.Equal(ExitCode.Failed, said.Code);
        Assert.Equal("old", await File.ReadAllTextAsync(_cli.File("f.md"), TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(_cli.Data));
    }

    [Theory]
    [InlineData("missing/f.md")]
    [InlineData("")]
    public async Task Faq_OutUnwritable_SaysSoBeforeAsking(string name)
    {
        await using var silo = await FakeSilo.Start();

        var said = await _cli.Run(silo, "faq", "q", "--out", _cli.File(name));

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("Cannot write to", said.Error);
        Assert.Empty(silo.Calls);
    }

    [Fact]
    public async Task Faq_Json_PrintsOneLineWithTheTask()
    {
        await using var silo = await Answering(Said.Task("succeeded", 2, Said.Document("x") + ""","new_field":1"""));

        var said = await _cli.Run(silo, "faq", "q", "--json");

        var task = JsonDocument.Parse(Assert.Single(said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal(("succeeded", 1), (task.GetProperty("status").GetString(), task.GetProperty("new_field").GetInt32()));
    }

    [Fact]
    public async Task Faq_ResultWithoutDocument_Fails()
    {
        await using var silo = await Answering(Said.Task("succeeded", 2, ""","result":{"title":"t"}"""));

        var said = await _cli.Run(silo, "faq", "q");

        Assert.Equal((ExitCode.Failed, ""), (said.Code, said.Out));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    public async Task Faq_EmptyQuestion_IsBadInput(string question)
    {
        var said = await _cli.Run(["faq", question], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("The question is empty", said.Error);
    }

    [Fact]
    public async Task Faq_Dash_ReadsStandardInput()
    {
        await using var silo = await Answering(Said.Task("succeeded", 2, Said.Document("x")));
        _cli.Input = Said.Utf8("How?\n");

        await _cli.Run(silo, "faq", "-");

        Assert.Equal("""{"question":"How?"}""", silo.Calls[0].Body);
    }

    [Fact]
    public async Task Faq_StandardInputNotUtf8_IsBadInput()
    {
        _cli.Input = [0x48, 0xC3, 0x28];

        var said = await _cli.Run(["faq", "-"], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("standard input is not UTF-8", said.Error);
    }

    [Fact]
    public async Task Faq_NoSilo_StartsOneForTheCallAndStopsIt()
    {
        await using var silo = await Answering(Said.Task("succeeded", 2, Said.Document("x")));
        _cli.Silos.Url = silo.Url;
        _cli.Environment["REDIS_URL"] = "redis://production";

        var said = await _cli.Run(["faq", "q"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Ok, "x\n"), (said.Code, said.Out));
        Assert.Equal((0, 0, 0, false, _cli.Data, null), Of(_cli.Silos.Settings!));
        Assert.True(_cli.Silos.Stopped);

        static (int, int, int, bool, string, string?) Of(MorningAI.Silo.SiloSettings settings) =>
            (settings.HttpPort, settings.SiloPort, settings.GatewayPort, settings.Foreground, settings.DataDirectory, settings.Redis);
    }

    [Fact]
    public async Task Faq_NoSiloAndNoneCanStart_SaysWhy()
    {
        var said = await _cli.Run(["faq", "q"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Failed, ""), (said.Code, said.Out));
        Assert.Contains("in use by process 7", said.Error);
    }

    [Fact]
    public async Task Faq_NamedSiloIsDown_StartsNone()
    {
        var said = await _cli.Run(["faq", "q", "--url", "http://127.0.0.1:1"], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.NoSilo, said.Code);
        Assert.Null(_cli.Silos.Settings);
    }

    [Theory]
    [InlineData(false, "task watch")]
    [InlineData(true, "morningai silo --data")]
    public async Task Faq_Interrupted_SaysThatTheTaskGoesOn(bool embedded, string advice)
    {
        using var interrupt = new CancellationTokenSource();
        await using var silo = await FakeSilo.Start();
        silo.On("POST /api/agent/faq", 202, Said.Receipt());
        silo.On($"GET /tasks/{Said.Id}", async http =>
        {
            await interrupt.CancelAsync();
            http.Abort();
        });
        if (embedded)
            _cli.Silos.Url = silo.Url;
        else
            _cli.Environment["MORNINGAI_URL"] = silo.Url.ToString();

        var said = await _cli.Run(["faq", "q"], interrupt.Token);

        Assert.Equal((ExitCode.Interrupted, embedded), (said.Code, _cli.Silos.Stopped));
        Assert.Contains(Said.Id.ToString(), said.Error);
        Assert.Contains(advice, said.Error);
    }

    private static async Task<FakeSilo> Answering(string end)
    {
        var silo = await FakeSilo.Start();
        return silo
            .On("POST /api/agent/faq", 202, Said.Receipt())
            .On($"GET /tasks/{Said.Id}", 200, Said.Task("running", 1, ""","progress":{"fraction":0.4,"message":"writing"}"""))
            .On($"GET /tasks/{Said.Id}", 200, end);
    }
}
