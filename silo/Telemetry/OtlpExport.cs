using System.Runtime.CompilerServices;
using MorningAI.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace MorningAI.Silo.Telemetry;

/// <summary>
/// Sends traces, metrics and logs by OTLP where OpenTelemetry's standard variables name an endpoint. Where they do not, none
/// of its assemblies is loaded.
/// </summary>
internal static class OtlpExport
{
    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"];

    public static void AddOtlp(this WebApplicationBuilder builder, SiloPlan plan)
    {
        if (Endpoints.Any(e => builder.Configuration[e] is { Length: > 0 }) && !bool.TrueString.Equals(builder.Configuration["OTEL_SDK_DISABLED"], StringComparison.OrdinalIgnoreCase))
            Add(builder, plan);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(WebApplicationBuilder builder, SiloPlan plan) => builder.Services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("morningai", serviceInstanceId: plan.Name.Value, serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString()))
        .WithTracing(tracing => tracing.AddSource(Tracing.SourceName, "Microsoft.AspNetCore"))
        .WithMetrics(metrics => metrics.AddMeter(Tracing.SourceName, "System.Runtime"))
        .WithLogging()
        .UseOtlpExporter();
}
