using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MorningAI.Tests.Harness;

/// <summary>
/// A witness outside the system: an HTTP server that tasks of kind <c>http</c> call, and that writes down each execution.
/// Its word is what counts, not the system's.
/// </summary>
public sealed class Ledger : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _count;

    private Ledger(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    /// <summary>Executions by task id, in order.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<Execution>> Executions { get; } = new();

    public long Count => Interlocked.Read(ref _count);

    /// <param name="delay">How long each execution takes.</param>
    public static async Task<Ledger> Start(TimeSpan delay)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var ledger = new Ledger(app);
        app.MapPost("/run", async (HttpContext context) =>
        {
            ledger.Write(context.Request.Headers["X-Task-Id"].ToString(), new Execution(context.Request.Headers["X-Attempt"].ToString(), DateTimeOffset.UtcNow));
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, context.RequestAborted);
            return Results.Json(new { done = true });
        });
        await app.StartAsync();
        ledger.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/run");
        return ledger;
    }

    public object Payload => new { url = Url, method = "POST" };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Write(string task, Execution execution)
    {
        Executions.GetOrAdd(task, _ => new ConcurrentQueue<Execution>()).Enqueue(execution);
        Interlocked.Increment(ref _count);
    }
}

public sealed record Execution(string Attempt, DateTimeOffset At);
