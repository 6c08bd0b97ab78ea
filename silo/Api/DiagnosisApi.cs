using MorningAI.Diagnosis;
using MorningAI.Storage;

namespace MorningAI.Silo.Api;

/// <summary>
/// <c>/ops/redis</c> and <c>/ops/latency</c>: why it does not work, or is slow. Redis is asked from this silo, as it is set
/// for this silo, over a connection of its own; every step is bounded, so that a dead Redis is told and not waited for.
/// </summary>
internal static class DiagnosisApi
{
    public static void MapDiagnosis(this IEndpointRouteBuilder app)
    {
        app.MapGet("/ops/redis", Info).WithSummary("What Redis says of itself, and what of it is bad").Produces<RedisInfo>();
        app.MapGet("/ops/redis/ping", Ping).WithSummary("Whether Redis answers this silo, and how fast").Produces<RedisPing>();
        app.MapPost("/ops/redis/diagnose", Diagnose).WithSummary("DNS, TCP, TLS, AUTH, PING, role, write: the first step that fails").Produces<RedisDiagnosis>();
        app.MapGet("/ops/latency", Latency).WithSummary("Where the time of this silo's tasks goes").Produces<LatencyReport>();
    }

    private static async Task<IResult> Info(StoreConnection store, StoreHealth health, SiloPlan plan, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Json(await Prober(store, plan, time).Inspect(cancellationToken) with { LastAnswerAt = health.LastAnswerAt, State = StateOf(health) });

    private static async Task<IResult> Ping(StoreConnection store, StoreHealth health, SiloPlan plan, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Json(await Prober(store, plan, time).Ping(cancellationToken) with { LastAnswerAt = health.LastAnswerAt, State = StateOf(health) });

    private static async Task<IResult> Diagnose(StoreConnection store, SiloPlan plan, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Json(await Prober(store, plan, time).Diagnose(cancellationToken));

    private static IResult Latency(LatencyReporter latency, SiloPlan plan) =>
        TypedResults.Json(latency.Report(plan.Name.Value));

    private static RedisProber Prober(StoreConnection store, SiloPlan plan, TimeProvider time) =>
        new(RedisTarget.Of(store.Configuration), plan.Name.Value, time);

    private static string StateOf(StoreHealth health) => health.State.ToString().ToLowerInvariant();
}
