using System.Diagnostics;
using MorningAI.Silo.Api;
using MorningAI.Storage;
using StackExchange.Redis;

namespace MorningAI.Silo.Health;

/// <summary>Asks the store once a second whether it answers, so that nobody who looks at it has to wait for it.</summary>
internal sealed partial class StoreProbe(StoreConnection connection, SiloPlan plan, TimeProvider time, ILogger<StoreProbe> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>No answer within this is down.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ILogger<StoreProbe> _logger = logger;
    private Finding _finding = new(true, null, null, null);

    public bool IsHealthy => Volatile.Read(ref _finding).Healthy;

    public StoreResponse Describe()
    {
        var finding = Volatile.Read(ref _finding);
        var endpoints = string.Join(", ", connection.Multiplexer.GetEndPoints().Select(e => e.ToString()));
        return new StoreResponse(
            plan.Redis is null ? "embedded" : "redis",
            finding.Healthy ? "healthy" : "down",
            endpoints,
            finding.Latency?.TotalMilliseconds,
            finding.LastAnswerAt,
            finding.Reason);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
            await Probe(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Probe(CancellationToken stop)
    {
        var before = _finding;
        try
        {
            var start = Stopwatch.GetTimestamp();
            await connection.Database.PingAsync().WaitAsync(Patience, time, stop);
            Volatile.Write(ref _finding, new Finding(true, Stopwatch.GetElapsedTime(start), time.GetUtcNow(), null));
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            var reason = e is TimeoutException ? $"no answer within {Patience.TotalSeconds} s" : e.Message;
            Volatile.Write(ref _finding, before with { Healthy = false, Latency = null, Reason = reason });
        }

        if (before.Healthy && !_finding.Healthy)
            LogDown(_finding.Reason!);
        else if (!before.Healthy && _finding.Healthy)
            LogBack();
    }

    private sealed record Finding(bool Healthy, TimeSpan? Latency, DateTimeOffset? LastAnswerAt, string? Reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store is down: {Reason}")]
    private partial void LogDown(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store is back")]
    private partial void LogBack();
}
