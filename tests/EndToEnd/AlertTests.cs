using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>Somebody is told, once, of what begins and of what is over, also while Redis is away; and Prometheus finds the numbers.</summary>
public sealed class AlertTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<JsonObject> _told = new();

    [Fact]
    public async Task Alerts_OutageAndLongQueue_AreToldOnceWithASignatureAcknowledgedAndOver()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var receiver = await Receiver();
        var hook = receiver.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await using var silo = await SiloProcess.Start(
            scratch.At("data"),
            redis.Url,
            "silo-1",
            ("MorningAI__Alerts__Every", "00:00:00.3"),
            ("MorningAI__Alerts__OutageAfter", "00:00:02"),
            ("MorningAI__Alerts__QueueLong", "3"),
            ("MorningAI__Alerts__QueueVeryLong", "100"),
            ("MorningAI__Alerts__Webhook", hook + "/hook"),
            ("MORNINGAI_ALERTS_WEBHOOK_SECRET", "a secret"));

        await redis.Kill();
        await Told("outage", "open");
        Assert.Equal("degraded", (string?)(await silo.Http.GetFromJsonAsync<JsonObject>("/health"))!["status"]);
        using var paused = await silo.Http.PostAsync("/queues/shelf/pause", null);
        for (var i = 0; i < 4; i++)
            await silo.Submit(new { kind = "echo", queue = "shelf", payload = i });
        await Told("queue_long:shelf", "open");
        using var acknowledged = await silo.Http.PostAsync("/ops/alerts/queue_long:shelf/ack?by=ann", null);
        using var unknown = await silo.Http.PostAsync("/ops/alerts/nothing/ack", null);
        var open = (await silo.Http.GetFromJsonAsync<JsonObject>("/ops/alerts"))!["alerts"]!.AsArray();
        var metrics = await silo.Http.GetStringAsync("/metrics");

        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("ann", (string?)(await acknowledged.Content.ReadFromJsonAsync<JsonObject>())!["acknowledged_by"]);
        Assert.Equal(["outage", "queue_long:shelf"], open.Select(a => (string?)a!["id"]));
        foreach (var line in new[] { "morningai_queue_ready{queue=\"shelf\"} 4", "morningai_queue_paused{queue=\"shelf\"} 1", "morningai_workers{health=\"healthy\"} 1", "morningai_alerts_open{severity=\"critical\"} 1", "# TYPE morningai_task_execution_duration_seconds histogram" })
            Assert.Contains(line, metrics);

        await redis.Begin();
        await Told("outage", "resolved");
        using var resumed = await silo.Http.PostAsync("/queues/shelf/resume", null);
        await Told("queue_long:shelf", "resolved");
        Assert.Equal(4, _told.Count); // each beginning and each end once
    }

    private Task Told(string id, string status) => Deadline.Until(
        $"the webhook is told that {id} is {status}", Limit, () => Task.FromResult(_told.Any(t => (string?)t["id"] == id && (string?)t["status"] == status)), () => string.Join("; ", _told.Select(t => t.ToJsonString())));

    private async Task<WebApplication> Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var app = builder.Build();
        var refusals = 0;
        app.MapPost("/hook", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            var expected = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("a secret"), Encoding.UTF8.GetBytes($"{http.Request.Headers["X-MorningAI-Timestamp"]}.{body}")));
            if (http.Request.Headers["X-MorningAI-Signature"] != expected)
                return Results.Unauthorized();
            if (Interlocked.Increment(ref refusals) == 1)
                return Results.StatusCode(503); // the first try of all: it is tried again
            _told.Enqueue(JsonNode.Parse(body)!.AsObject());
            return Results.NoContent();
        });
        await app.StartAsync();
        return app;
    }
}
