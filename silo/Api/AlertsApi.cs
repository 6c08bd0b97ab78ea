using MorningAI.Alerts;

namespace MorningAI.Silo.Api;

/// <summary><c>/ops/alerts</c>: what somebody should know of, and that somebody does.</summary>
internal static class AlertsApi
{
    private const int LongestBy = 100;

    public static void MapAlerts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/ops/alerts", List).WithSummary("Alerts: the open ones first").Produces<AlertListResponse>().ProducesProblem(503);
        app.MapPost("/ops/alerts/{id}/ack", Acknowledge).WithSummary("Somebody has seen an alert").Produces<AlertResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<IResult> List(IGrainFactory grains) =>
        TypedResults.Json(new AlertListResponse([.. (await grains.GetGrain<IAlertGrain>(IAlertGrain.Key).List()).Select(AlertResponse.Of)]));

    private static async Task<IResult> Acknowledge(string id, string? by, IGrainFactory grains)
    {
        if (by is { Length: > LongestBy })
            return Problems.BadRequest($"by may have {LongestBy} characters at most.");
        return await grains.GetGrain<IAlertGrain>(IAlertGrain.Key).Acknowledge(id, by) is { } alert
            ? TypedResults.Json(AlertResponse.Of(alert))
            : TypedResults.Problem("There is no alert of that id. GET /ops/alerts lists those that are.", title: "No such alert", statusCode: StatusCodes.Status404NotFound);
    }
}

/// <summary><c>GET /ops/alerts</c>.</summary>
public sealed record AlertListResponse(IReadOnlyList<AlertResponse> Alerts);

/// <param name="Id">Rule and subject, as <c>queue_long:faq</c>.</param>
/// <param name="Severity">warning or critical.</param>
/// <param name="ResolvedAt">Absent while it is open.</param>
public sealed record AlertResponse(string Id, string Severity, string Text, DateTimeOffset Since, DateTimeOffset? ResolvedAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy)
{
    internal static AlertResponse Of(Alert alert) => new(
        alert.Id, alert.Severity.ToString().ToLowerInvariant(), alert.Text, alert.Since, alert.ResolvedAt, alert.AcknowledgedAt, alert.AcknowledgedBy);
}
