using MorningAI.Silo.Telemetry;

namespace MorningAI.Silo.Api;

/// <summary><c>GET /metrics</c>, for Prometheus.</summary>
internal static class MetricsApi
{
    public static void MapMetrics(this IEndpointRouteBuilder app) => app.MapGet("/metrics", Metrics).WithSummary("Metrics in the text format of Prometheus");

    private static async Task<IResult> Metrics(MetricsBook book, ClusterGauges cluster)
    {
        var text = new PrometheusText();
        foreach (var series in book.Read())
            text.Add(series);
        await cluster.Add(text);
        return TypedResults.Text(text.ToString(), PrometheusText.ContentType);
    }
}
