using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>One trace from the request to the handler, also when the silo was killed in between, at a collector that speaks OTLP.</summary>
public sealed class OtlpTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    [Fact]
    public async Task Trace_OfATask_GoesFromTheRequestToTheHandlerAlsoAfterARestart()
    {
        using var scratch = new Scratch();
        await using var collector = await Collector();
        var endpoint = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await using var silo = await SiloProcess.Start(
            scratch.At("data"),
            null,
            "silo-1",
            ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "500"));
        using var paused = await silo.Http.PostAsync("/queues/shelf/pause", null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tasks") { Content = new StringContent("""{"kind":"echo","queue":"shelf","payload":1}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        using var submitted = await silo.Http.SendAsync(request);
        submitted.EnsureSuccessStatusCode();
        await Seen("/v1/traces", "Microsoft.AspNetCore", ofTheTrace: true);

        await silo.Kill();
        await silo.Restart();
        using var resumed = await silo.Http.PostAsync("/queues/shelf/resume", null);

        await Seen("/v1/traces", "task echo", ofTheTrace: true);
        await Seen("/v1/metrics", "morningai.task.execution.duration", ofTheTrace: false);
    }

    private Task Seen(string path, string name, bool ofTheTrace) => Deadline.Until(
        $"'{name}' at {path}",
        Limit,
        () => Task.FromResult(_received.Any(r => r.Path == path && Has(r.Body, Encoding.UTF8.GetBytes(name)) && (!ofTheTrace || Has(r.Body, Convert.FromHexString(Trace))))),
        () => string.Join(", ", _received.Select(r => $"{r.Path} {r.Body.Length}")));

    private static bool Has(byte[] body, byte[] part) => body.AsSpan().IndexOf(part) >= 0;

    private async Task<WebApplication> Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{signal}", async (string signal, HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _received.Enqueue(($"/v1/{signal}", body.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return app;
    }
}
