using MorningAI.Silo.Api;
using MorningAI.Storage.Journaling;

namespace MorningAI.Silo.Health;

/// <summary>
/// <c>/health/live</c>: the process works; never asks the store. <c>/health/ready</c>: send me work. <c>/health</c>: the
/// whole, for people.
/// </summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Json(new HealthResponse("healthy", null, null, null))).WithSummary("Is the process alive");
        app.MapGet("/health/ready", Ready).WithSummary("May work be sent here");
        app.MapGet("/health", Health).WithSummary("Healthy, degraded or unavailable, and why");
    }

    private static IResult Ready(IHostApplicationLifetime lifetime, SiloArrival arrival)
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
            return NotReady(arrival.Waits);
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return NotReady("draining");
        return TypedResults.Json(new HealthResponse("healthy", null, null, null)); // also in an outage: the journal takes work
    }

    private static IResult Health(IHostApplicationLifetime lifetime, SiloArrival arrival, StoreReport store, IJournalGauge gauge)
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
            return NotReady(arrival.Waits);
        var description = store.Describe();
        var journal = JournalResponse.Of(gauge.Stats());
        string? reason = null;
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            reason = "draining";
        else if (description.State != "healthy")
            reason = $"the store is {description.State}: {description.Reason}";
        else if (journal.Refusal is { } refusal)
            reason = $"the journal takes nothing: {refusal}";
        return TypedResults.Json(new HealthResponse(reason is null ? "healthy" : "degraded", reason, description, journal));
    }

    private static IResult NotReady(string reason) =>
        TypedResults.Json(new HealthResponse("unavailable", reason, null, null), statusCode: StatusCodes.Status503ServiceUnavailable);
}

/// <param name="Status">healthy, degraded or unavailable.</param>
public sealed record HealthResponse(string Status, string? Reason, StoreResponse? Store, JournalResponse? Journal);
