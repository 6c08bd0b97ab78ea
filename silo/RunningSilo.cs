namespace MorningAI.Silo;

/// <summary>A silo in this process, stopped in order when disposed.</summary>
public abstract class RunningSilo : IAsyncDisposable
{
    /// <summary>Where its HTTP API is.</summary>
    public abstract Uri Url { get; }

    public abstract ValueTask DisposeAsync();
}

internal sealed class HostedSilo(SiloPlan plan, string dataDirectory, WebApplication app, Stack<IAsyncDisposable> parts) : RunningSilo
{
    private bool _stopped;

    public override Uri Url => plan.Url;

    public string Banner => $"""
        Silo {plan.Name} is ready.
          HTTP       {plan.Url.GetLeftPart(UriPartial.Authority)}   (dashboard: /dashboard, OpenAPI: /openapi/v1.json)
          gateway    {plan.Address}:{plan.GatewayPort}
          store      {(plan.Redis is null ? $"embedded, in {dataDirectory}" : "Redis")}
        Stop it with Ctrl-C or SIGTERM: it finishes what runs first.
        """;

    /// <summary>Returns once it was told to stop, and has.</summary>
    public async Task WaitForShutdown(CancellationToken cancellationToken)
    {
        await app.WaitForShutdownAsync(cancellationToken);
        _stopped = true;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_stopped)
            await app.StopAsync();
        await SiloParts.End(parts);
    }
}
