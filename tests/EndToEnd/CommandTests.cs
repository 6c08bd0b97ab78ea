using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>The morningai command, as a person or a script runs it.</summary>
public sealed class CommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Faq_NoSiloRuns_StartsOneWritesDocumentAndStopsIt()
    {
        using var scratch = new Scratch();
        await using var first = ChildProcess.Morningai(["faq", "How do I handle a Redis outage?", "--out", "faq.md"], workingDirectory: scratch.Path);
        Assert.True(await first.WaitForExit(Limit) == 0, first.Errors);
        Assert.Equal("", first.Output);
        var document = await File.ReadAllTextAsync(scratch.At("faq.md"));
        Assert.StartsWith("# ", document, StringComparison.Ordinal);
        Assert.Contains("- Task: How do I handle a Redis outage?", document, StringComparison.Ordinal);

        // Again, on what the first call left, to standard output and nothing else there.
        await using var second = ChildProcess.Morningai(["faq", "How do I handle a Redis outage?"], workingDirectory: scratch.Path);
        Assert.True(await second.WaitForExit(Limit) == 0, second.Errors);
        Assert.StartsWith("# ", second.Output, StringComparison.Ordinal);
        Assert.EndsWith("- Repository: RC918/morningai", second.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_SiloRuns_TalkToIt()
    {
        using var scratch = new Scratch();
        await using var silo = await SiloProcess.Start(scratch.At("data"));

        // It is found by its data folder, as no address is given.
        var submitted = await Json(scratch, 0, "submit", "echo", "--payload", """{"a":1}""", "--wait", "--json");
        Assert.Equal("succeeded", (string?)submitted["status"]);
        Assert.Equal("""{"a":1}""", (await Json(scratch, 0, "task", "payload", (string)submitted["task_id"]!)).ToJsonString());
        var sleeping = await Json(scratch, 0, "submit", "sleep", "--payload", """{"seconds":600}""", "--json");
        var cancelled = await Json(scratch, 0, "task", "cancel", (string)sleeping["task_id"]!, "--json");
        Assert.Equal("cancelled", (string?)cancelled["status"]);
        var info = await Json(scratch, 0, "info", "--json");
        Assert.Equal("healthy", (string?)info["workers"]![0]!["health"]);
        Assert.Equal(1, (int)info["tasks"]!["succeeded"]!);

        await Fails(scratch, 1, "as asked", "submit", "fail", "--payload", """{"message":"as asked"}""", "--wait");
        await Fails(scratch, 2, "Known: echo", "submit", "nonsense");
        await Fails(scratch, 2, "no task", "task", "get", "default.0.00000000000000000000000001");
        await Fails(scratch, 2, "task id", "task", "get", "nonsense");
    }

    [Fact]
    public async Task Submit_NoSiloAtTheAddress_SaysSo()
    {
        using var scratch = new Scratch();
        await Fails(scratch, 3, "does not answer", "submit", "echo", "--url", $"http://127.0.0.1:{FreePort.Next()}");
    }

    [Fact]
    public async Task Silo_CannotStart_SaysWhyInOneLine()
    {
        using var scratch = new Scratch();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        string[] free = ["--silo-port", "0", "--gateway-port", "0"];

        await Fails(scratch, 1, $"Port {port} (HTTP) on 127.0.0.1 is in use", ["silo", "--http", $"{port}", .. free]);
        await Fails(scratch, 1, "scheme is 'ftp'", ["silo", "--http", "0", "--redis", "ftp://x", .. free]);
        await Fails(scratch, 1, "cannot be written", ["silo", "--http", "0", "--data", "/proc/nowhere", .. free]);
        await Fails(scratch, 1, "MORNINGAI_API_KEY", ["silo", "--http", "0", "--host", "0.0.0.0", .. free]);
    }

    [Fact]
    public async Task Silo_RedisDoesNotAnswer_WaitsAndSaysWhyUntilItIsStopped()
    {
        using var scratch = new Scratch();
        await using var silo = SiloProcess.Launch(scratch.At("data"), $"redis://:secret@127.0.0.1:{FreePort.Next()}");

        await Deadline.Until("it says what it waits for", Limit, async () =>
        {
            using var health = await silo.Http.GetAsync("/health");
            return silo.Process.Errors.Contains("Not ready. Waiting for Redis at 127.0.0.1", StringComparison.Ordinal);
        }, () => silo.Process.Errors);
        using var live = await silo.Http.GetAsync("/health/live");
        using var ready = await silo.Http.GetAsync("/health/ready");
        using var task = await silo.Http.PostAsJsonAsync("/tasks", new { kind = "echo" });
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("cannot be reached", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, task.StatusCode);
        Assert.NotNull(task.Headers.RetryAfter);
        silo.Process.Signal("TERM");
        await silo.Process.WaitForExit(Limit);
        Assert.DoesNotContain("   at ", silo.Process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", silo.Process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_DataFolderOfARunningOne_RefusesToStart()
    {
        using var scratch = new Scratch();
        await using var silo = await SiloProcess.Start(scratch.At("data"));

        await Fails(scratch, 1, "in use by another silo", "silo", "--http", "0", "--silo-port", "0", "--gateway-port", "0", "--data", "data");
    }

    [Fact]
    public async Task Silo_ApiKeySet_AsksForIt()
    {
        using var scratch = new Scratch();
        await using var silo = await SiloProcess.Start(scratch.At("data"), environment: ("MORNINGAI_API_KEY", "right"));

        using var without = await silo.Http.GetAsync("/ops/overview");
        using var wrong = new HttpRequestMessage(HttpMethod.Get, "/ops/overview") { Headers = { { "X-API-Key", "wrong" } } };
        using var right = new HttpRequestMessage(HttpMethod.Get, "/ops/overview") { Headers = { { "X-API-Key", "right" } } };
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Http.SendAsync(wrong)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.SendAsync(right)).StatusCode);
        Assert.DoesNotContain("right", silo.Process.Errors, StringComparison.Ordinal);
        await using var info = ChildProcess.Morningai(["info"], new Dictionary<string, string?> { ["MORNINGAI_API_KEY"] = "right" }, scratch.Path);
        Assert.True(await info.WaitForExit(Limit) == 0, info.Errors);
    }

    private static async Task<JsonNode> Json(Scratch scratch, int exit, params string[] arguments)
    {
        await using var command = ChildProcess.Morningai(arguments, workingDirectory: scratch.Path);
        Assert.True(await command.WaitForExit(Limit) == exit, command.Errors);
        return JsonNode.Parse(command.Output)!;
    }

    private static async Task Fails(Scratch scratch, int exit, string message, params string[] arguments)
    {
        await using var command = ChildProcess.Morningai(arguments, workingDirectory: scratch.Path);
        var code = await command.WaitForExit(Limit);
        Assert.Contains(message, command.Errors, StringComparison.Ordinal);
        Assert.Equal(exit, code);
        Assert.DoesNotContain("   at ", command.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", command.Errors, StringComparison.Ordinal);
        Assert.Equal("", command.Output);
    }
}
