using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MorningAI.Cli.Silos;

namespace MorningAI.Tests.Unit.Cli;

/// <summary>An HTTP server that answers a path with what a test queued for it; the last answer of a path stays.</summary>
internal sealed class FakeSilo : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task>>> _answers = new();
    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly WebApplication _app;

    private FakeSilo(WebApplication app)
    {
        _app = app;
        On("GET /health/live", 200, "{}");
    }

    public Uri Url { get; private set; } = null!;

    /// <summary>Requests so far, health checks apart.</summary>
    public IReadOnlyList<Call> Calls => [.. _calls.Where(call => call.Path != "/health/live")];

    public static async Task<FakeSilo> Start(bool ours = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var silo = new FakeSilo(app);
        app.Run(async http =>
        {
            if (ours)
                http.Response.Headers[SiloFinder.ProductHeader] = "fake";
            await silo.Answer(http);
        });
        await app.StartAsync();
        silo.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return silo;
    }

    public FakeSilo On(string call, int status, string json, params (string Name, string Value)[] headers) => On(call, async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
            http.Response.Headers[name] = value;
        await http.Response.WriteAsync(json);
    });

    public FakeSilo On(string call, Func<HttpContext, Task> answer)
    {
        _answers.GetOrAdd(call, _ => new()).Enqueue(answer);
        return this;
    }

    public FakeSilo Drop(string call) => On(call, http =>
    {
        http.Abort();
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Answer(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        _calls.Enqueue(new Call(http.Request.Method, http.Request.Path, http.Request.QueryString.Value ?? "", await reader.ReadToEndAsync(), http.Request.Headers["X-API-Key"]));
        if (!_answers.TryGetValue($"{http.Request.Method} {http.Request.Path}", out var queue))
        {
            http.Response.StatusCode = 404;
            await http.Response.WriteAsync("""{"title":"Not found","status":404}""");
            return;
        }

        if (queue.Count > 1 && queue.TryDequeue(out var next) || queue.TryPeek(out next))
            await next(http);
    }
}

internal sealed record Call(string Method, string Path, string Query, string Body, string? ApiKey);
