using System.Text.Json;
using MorningAI.Cli;

namespace MorningAI.Tests.Unit.Cli;

public sealed class SubmitCommandTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Submit_AllOptions_SendsTheContract()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 202, Said.Receipt());
        _cli.Environment["MORNINGAI_API_KEY"] = "k1";

        var said = await _cli.Run(silo, "submit", "faq", "--payload", """{"a":"\ud800","n":1.50}""", "--queue", "faq", "--priority", "p1", "--key", "k", "--timeout", "5m");

        Assert.Equal((ExitCode.Ok, $"{Said.Id}{Environment.NewLine}"), (said.Code, said.Out));
        var call = Assert.Single(silo.Calls);
        Assert.Equal("k1", call.ApiKey);
        Assert.Equal("""{"kind":"faq","payload":{"a":"\ud800","n":1.50},"queue":"faq","priority":"P1","idempotency_key":"k","timeout_seconds":300}""", call.Body);
    }

    [Theory]
    [InlineData("--delay 90s --deadline 2h", """ "delay_seconds":90,"deadline_seconds":7200""")]
    [InlineData("--at 2026-12-24T19:00+01:00", """ "due_at":"2026-12-24T19:00:00+01:00" """)]
    [InlineData("--retries 0", """ "retry":{"max_attempts":1,"pauses_seconds":[10,30,60]}""")]
    [InlineData("--backoff 1s..10m", """ "retry":{"max_attempts":4,"first_seconds":1,"longest_seconds":600}""")]
    public async Task Submit_TimesAndRetries_SendsTheContract(string options, string fields)
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 202, Said.Receipt());

        await _cli.Run(silo, ["submit", "faq", .. options.Split(' ')]);

        Assert.Equal($$$"""{"kind":"faq","payload":{},{{{fields.Trim()}}}}""", Assert.Single(silo.Calls).Body);
    }

    [Theory]
    [InlineData("--delay", "-1s")]
    [InlineData("--at", "2026-12-24T19:00")]
    [InlineData("--at", "tomorrow")]
    [InlineData("--retries", "1000")]
    [InlineData("--backoff", "10m..1s")]
    public async Task Submit_TimesThatCannotBe_SaysWhatToWriteAndSendsNothing(string option, string value)
    {
        await using var silo = await FakeSilo.Start();

        var said = await _cli.Run(silo, "submit", "faq", option, value);

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("is not a", said.Error, StringComparison.Ordinal);
        Assert.Empty(silo.Calls);
    }

    [Fact]
    public async Task Submit_NothingButKind_SendsNoOptionalField()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 202, Said.Receipt());

        await _cli.Run(silo, "submit", "faq");

        Assert.Equal("""{"kind":"faq","payload":{}}""", Assert.Single(silo.Calls).Body);
    }

    [Fact]
    public async Task Submit_Journal_SaysSoOnErrorAndPrintsTheReceipt()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 202, Said.Receipt("journal"));

        var said = await _cli.Run(silo, "submit", "faq", "--json");

        Assert.Contains("journal until its store is back", said.Error);
        Assert.Equal("journal", JsonDocument.Parse(said.Out).RootElement.GetProperty("durability").GetString());
    }

    [Fact]
    public async Task Submit_PayloadFile_SendsItWithoutItsByteOrderMark()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 202, Said.Receipt());
        await File.WriteAllBytesAsync(_cli.File("p.json"), [0xEF, 0xBB, 0xBF, .. Said.Utf8("""{"ü":1}""")], TestContext.Current.CancellationToken);

        var said = await _cli.Run(silo, "submit", "faq", "--payload", "@" + _cli.File("p.json"));

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Contains("""{"ü":1}""", Assert.Single(silo.Calls).Body);
    }

    [Fact]
    public async Task Submit_PayloadFromStandardInput_SendsIt()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 202, Said.Receipt());
        _cli.Input = Said.Utf8("[1]");

        await _cli.Run(silo, "submit", "faq", "--payload", "@-");

        Assert.Contains("""payload":[1]""", Assert.Single(silo.Calls).Body);
    }

    [Theory]
    [InlineData("{\n  \"a\": }", "line 2, byte 8")]
    [InlineData("", "line 1, byte 1")]
    [InlineData("{} x", "line 1, byte 4")]
    [InlineData("@", "names no file")]
    [InlineData("@/does/not/exist", "Cannot read /does/not/exist")]
    public async Task Submit_BadPayload_SaysWhereAndSendsNothing(string payload, string expected)
    {
        await using var silo = await FakeSilo.Start();

        var said = await _cli.Run(silo, "submit", "faq", "--payload", payload);

        Assert.Equal((ExitCode.BadInput, ""), (said.Code, said.Out));
        Assert.Contains(expected, said.Error);
        Assert.Empty(silo.Calls);
    }

    [Fact]
    public async Task Submit_PayloadFileNotUtf8_SaysAtWhichByte()
    {
        await File.WriteAllBytesAsync(_cli.File("p.json"), [(byte)'"', 0xFF, (byte)'"'], TestContext.Current.CancellationToken);

        var said = await _cli.Run(["submit", "faq", "--payload", "@" + _cli.File("p.json")], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("not UTF-8 at byte 2", said.Error);
    }

    [Theory]
    [InlineData("P0 (first), P1, P2 or P3", "submit", "faq", "--priority", "P9")]
    [InlineData("not a task kind", "submit", "FAQ!")]
    [InlineData("not a queue name", "submit", "faq", "--queue", "a b")]
    [InlineData("not a duration", "submit", "faq", "--timeout", "soon")]
    [InlineData("1 to 256 characters", "submit", "faq", "--key", "")]
    [InlineData("not a silo's address", "submit", "faq", "--url", "nowhere")]
    [InlineData("Required argument 'KIND' missing", "submit")]
    [InlineData("'--nonsense'", "submit", "faq", "--nonsense")]
    [InlineData("not a task id", "task", "get", "..")]
    [InlineData("Required command", "task")]
    [InlineData("Required command")]
    public async Task Run_BadArguments_IsBadInputOnErrorAlone(string expected, params string[] arguments)
    {
        var said = await _cli.Run(arguments, TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.BadInput, ""), (said.Code, said.Out));
        Assert.Contains(expected, said.Error);
    }

    [Theory]
    [InlineData(400, ExitCode.BadInput)]
    [InlineData(401, ExitCode.BadInput)]
    [InlineData(404, ExitCode.BadInput)]
    [InlineData(307, ExitCode.BadInput)]
    [InlineData(429, ExitCode.Unavailable)]
    [InlineData(500, ExitCode.Failed)]
    [InlineData(503, ExitCode.Unavailable)]
    public async Task Submit_Refused_ExitCodeTells(int status, int code)
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", status, $$"""{"title":"Refused","detail":"because\u001b[2J","status":{{status}}}""", ("Location", "http://elsewhere/"));

        var said = await _cli.Run(silo, "submit", "faq");

        Assert.Equal((code, ""), (said.Code, said.Out));
        if (status != 307)
            Assert.Contains("Refused: because?[2J", said.Error);
    }

    [Fact]
    public async Task Submit_Unavailable_SaysWhenToTryAgain()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 503, """{"title":"Nothing can be stored","status":503}""", ("Retry-After", "7"));

        var said = await _cli.Run(silo, "submit", "faq");

        Assert.Contains("Try again in 7 s.", said.Error);
    }

    [Fact]
    public async Task Submit_ConnectionLostAfterSending_SaysItMayHaveBeenAccepted()
    {
        await using var silo = await FakeSilo.Start();
        silo.Drop("POST /tasks");

        var said = await _cli.Run(silo, "submit", "faq");

        Assert.Equal(ExitCode.NoSilo, said.Code);
        Assert.Contains("may have done what it was asked", said.Error);
    }

    [Fact]
    public async Task Submit_NamedSiloIsDown_IsNoSilo()
    {
        var said = await _cli.Run(["submit", "faq", "--url", "http://127.0.0.1:1"], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.NoSilo, said.Code);
        Assert.Contains("http://127.0.0.1:1/ does not answer", said.Error);
        Assert.DoesNotContain("may have", said.Error);
    }

    [Fact]
    public async Task Submit_AnswerIsNoContract_FailsWithoutStackTrace()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 200, "<html>");

        var said = await _cli.Run(silo, "submit", "faq");

        Assert.Equal(ExitCode.Failed, said.Code);
        Assert.DoesNotContain("   at ", said.Error);
    }

    [Theory]
    [InlineData("succeeded", ExitCode.Ok)]
    [InlineData("failed", ExitCode.Failed)]
    [InlineData("cancelled", ExitCode.Failed)]
    [InlineData("dead", ExitCode.Failed)]
    public async Task SubmitWait_TaskEnds_ExitCodeTells(string status, int code)
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 202, Said.Receipt());
        silo.On($"GET /tasks/{Said.Id}", 200, Said.Task("running", 1));
        silo.On($"GET /tasks/{Said.Id}", 200, Said.Task(status, 2, code == 0 ? ""","result":{"n":1}""" : ""","error":{"code":"handler_failed","message":"boom"}"""));

        var said = await _cli.Run(silo, "submit", "faq", "--wait");

        Assert.Equal(code, said.Code);
        Assert.Equal(code == 0 ? "{\n  \"n\": 1\n}" : "", said.Out.TrimEnd());
        if (code != 0)
            Assert.Contains("handler_failed: boom", said.Error);
    }

    [Fact]
    public async Task SubmitWait_UnknownState_IsAFailureNeverASuccess()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /tasks", 202, Said.Receipt());
        silo.On($"GET /tasks/{Said.Id}", 200, Said.Task("transcended", 1));

        Assert.Equal(ExitCode.Failed, (await _cli.Run(silo, "submit", "faq", "--wait")).Code);
    }
}
