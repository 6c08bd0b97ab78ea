using MorningAI.Silo.Api;

namespace MorningAI.Silo.Health;

/// <summary>
/// <c>/health/live</c>: the process works; never asks the store. <c>/health/ready</c>: send me work. <c>/health</c>: the
/// whole, for people.
/// </summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Json(new HealthResponse("healthy", null, null))).WithSummary("Is the process alive");
        app.MapGet("/health/ready", Ready).WithSummary("May work be sent here");
        app.MapGet("/health", Health).WithSummary("Healthy, degraded or unavailable, and why");
    }

    private static IResult Ready(IHostApplicationLifetime lifetime)
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
            return NotReady("starting");
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return NotReady("draining");
        return TypedResults.Json(new HealthResponse("healthy", null, null)); // also in an outage: the journal takes work
    }

    private static IResult Health(IHostApplicationLifetime lifetime, StoreReport store)
    {
        var description = store.Describe();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return TypedResults.Json(new HealthResponse("degraded", "draining", description));
        return TypedResults.Json(description.State == "healthy"
            ? new HealthResponse("healthy", null, description)
            : new HealthResponse("degraded", $"the store is {description.State}: {description.Reason}", description));
    }

    private static IResult NotReady(string reason) =>
        TypedResults.Json(new HealthResponse("unavailable", reason, null), statusCode: StatusCodes.Status503ServiceUnavailable);
}

/// <param name="Status">healthy, degraded or unavailable.</param>
public sealed record HealthResponse(string Status, string? Reason, StoreResponse? Store);
