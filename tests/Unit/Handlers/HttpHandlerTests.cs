using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Handlers;
using MorningAI.Handlers.BuiltIn;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Handlers;

public class HttpHandlerTests
{
    private static async Task<JsonElement> Run(string payload, TestTaskContext? context = null, params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => s.Value)).Build();
        await using var services = new ServiceCollection().AddLogging().AddBuiltInHandlers(configuration).BuildServiceProvider();
        services.GetRequiredService<HandlerRegistry>().TryGet(TaskKind.Parse("http"), out var handler);
        Assert.Null(handler!.Check(Encoding.UTF8.GetBytes(payload)));
        return JsonSerializer.Deserialize<JsonElement>(await handler.Run(services, Encoding.UTF8.GetBytes(payload), context ?? new TestTaskContext()));
    }

    private static Task<TaskFailedException> RunFails(string payload, params (string Key, string? Value)[] settings) =>
        Assert.ThrowsAsync<TaskFailedException>(() => Run(payload, null, settings));

    [Fact]
    public async Task Handle_JsonBody_IsSentWithTheTasksHeaders()
    {
        string? seen = null;
        Dictionary<string, string>? headers = null;
        await using var server = await LocalServer.Start(async http =>
        {
            headers = http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            seen = $"{http.Request.Method} {http.Request.ContentType} {await new StreamReader(http.Request.Body).ReadToEndAsync(http.RequestAborted)}";
            await http.Response.WriteAsJsonAsync(new { ok = true }, http.RequestAborted);
        });
        var context = new TestTaskContext { Attempt = 3 };

        var result = await Run($$$"""{"url":"{{{server.Url}}}","body":{"a":1},"headers":{"X-Mine":"yes"}}""", context);

        Assert.Equal("POST application/json; charset=utf-8 {\"a\":1}", seen);
        Assert.Equal(context.TaskId.ToString(), headers!["X-Task-Id"]);
        Assert.Equal("3", headers["X-Attempt"]);
        Assert.Equal("yes", headers["X-Mine"]);
        Assert.Matches("^00-4c2a67f63806419e901f821e17235798-[0-9a-f]{16}-01$", headers["traceparent"]);
        Assert.Equal(200, result.GetProperty("status").GetInt32());
        Assert.True(result.GetProperty("body").GetProperty("ok").GetBoolean());
        Assert.False(result.TryGetProperty("truncated", out _));
    }

    [Fact]
    public async Task Handle_TextBody_IsSentAsItIsWithTheTypeThatItNames()
    {
        string? seen = null;
        await using var server = await LocalServer.Start(async http =>
        {
            seen = $"{http.Request.Method} {http.Request.ContentType} {await new StreamReader(http.Request.Body).ReadToEndAsync(http.RequestAborted)}";
            await http.Response.WriteAsync("thanks", http.RequestAborted);
        });

        var result = await Run($$$"""{"url":"{{{server.Url}}}","method":"PUT","body":"<a/>","headers":{"Content-Type":"text/xml"}}""");

        Assert.Equal("PUT text/xml <a/>", seen);
        Assert.Equal("thanks", result.GetProperty("body").GetString());
    }

    [Theory]
    [InlineData(404, true)]
    [InlineData(301, true)]
    [InlineData(429, false)]
    [InlineData(503, false)]
    public async Task Handle_BadStatus_IsFinalUnlessItMayPass(int status, bool final)
    {
        await using var server = await LocalServer.Start(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        });

        var failed = await Assert.ThrowsAsync<TaskFailedException>(() => Run($$$"""{"url":"{{{server.Url}}}"}"""));

        Assert.Equal((final, TimeSpan.FromSeconds(7)), (failed.IsFinal, failed.RetryAfter));
    }

    [Fact]
    public async Task Handle_BadStatus_FailsWithStatusAndExcerptWithoutTheQuery()
    {
        await using var server = await LocalServer.Start(http =>
        {
            http.Response.StatusCode = 503;
            return http.Response.WriteAsync("too busy\r\n" + new string('x', 500), http.RequestAborted);
        });

        var e = await RunFails($$"""{"url":"{{server.Url}}path?token=hidden"}""");

        Assert.Equal("http_status", e.Code);
        Assert.StartsWith($"GET {server.Url}path answered 503 Service Unavailable. It said: too busy  xxx", e.Message);
        Assert.DoesNotContain("hidden", e.Message);
        Assert.InRange(e.Message.Length, 100, 400);
    }

    [Theory]
    [InlineData("http://10.255.255.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://0.0.0.0:80/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://[fe80::1]/")]
    public async Task Handle_NotLoopback_IsRefused(string url)
    {
        var e = await RunFails($$"""{"url":"{{url}}"}""");

        Assert.Equal("http_host_forbidden", e.Code);
        Assert.Contains("MorningAI:Http:AllowedHosts", e.Message);
    }

    [Fact]
    public async Task Handle_RedirectToAForbiddenHost_IsNotFollowed()
    {
        await using var server = await LocalServer.Start(http =>
        {
            http.Response.Redirect("http://169.254.169.254/latest/meta-data");
            return Task.CompletedTask;
        });

        var e = await RunFails($$"""{"url":"{{server.Url}}"}""");

        Assert.Equal("http_status", e.Code);
        Assert.Contains("302 Found. Redirects are not followed.", e.Message);
    }

    [Fact]
    public async Task Handle_ListWithoutLoopback_RefusesLoopbackByAddress()
    {
        await using var server = await LocalServer.Start(_ => Task.CompletedTask);

        Assert.Equal("http_host_forbidden", (await RunFails($$"""{"url":"{{server.Url}}"}""", ("MorningAI:Http:AllowedHosts:0", "api.example.com"))).Code);
    }

    [Fact]
    public async Task Handle_NamedHost_IsAllowed()
    {
        await using var server = await LocalServer.Start(_ => Task.CompletedTask);

        var result = await Run($$"""{"url":"http://localhost:{{server.Url.Port}}/"}""", null, ("MorningAI:Http:AllowedHosts:0", "localhost"));

        Assert.Equal(200, result.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Handle_LongBody_IsKeptUpToTheLimit()
    {
        await using var server = await LocalServer.Start(http => http.Response.WriteAsync(new string('x', 3000), http.RequestAborted));

        var result = await Run($$"""{"url":"{{server.Url}}"}""", null, ("MorningAI:Http:MaxResponseBytes", "1000"));

        Assert.True(result.GetProperty("truncated").GetBoolean());
        Assert.Equal(1000, result.GetProperty("body").GetString()!.Length);
    }

    [Fact]
    public async Task Handle_NobodyListens_FailsWithWords()
    {
        var server = await LocalServer.Start(_ => Task.CompletedTask);
        var url = server.Url;
        await server.DisposeAsync();

        Assert.Equal("http_no_answer", (await RunFails($$"""{"url":"{{url}}"}""")).Code);
    }

    [Fact]
    public async Task Handle_CancelledWhileWaiting_Throws()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = await LocalServer.Start(async http =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run($$"""{"url":"{{server.Url}}"}""", new TestTaskContext { CancellationToken = cancel.Token }));
    }

    [Theory]
    [InlineData("/relative", null, null, "'url' must be")]
    [InlineData("file:///etc/passwd", null, null, "'url' must be")]
    [InlineData("http://u:p@h/", null, null, "no user or password")]
    [InlineData("http://h/", "TRACE", null, "'method' must be one of")]
    [InlineData("http://h/", "GET", "x", "'body' cannot be sent with GET")]
    public void Check_BadRequest_SaysWhatToMend(string url, string? method, string? body, string message) =>
        Assert.Contains(message, HttpHandler.Check(new HttpPayload(url, method, body is null ? null : JsonSerializer.SerializeToElement(body))));

    [Theory]
    [InlineData("x-task-id", "1")]
    [InlineData("Traceparent", "1")]
    [InlineData("host", "1")]
    [InlineData("X A", "1")]
    [InlineData("X-A", "1\r\nHost: x")]
    public void Check_HeaderThatIsNotTheTasks_IsRefused(string name, string value) =>
        Assert.NotNull(HttpHandler.Check(new HttpPayload("http://h/", Headers: new Dictionary<string, string> { [name] = value })));
}
