using System.Diagnostics;
using MorningAI.Tasks;

namespace MorningAI.Telemetry;

/// <summary>The spans of this system. One trace from the request that made a task to its handler, also after a restart.</summary>
public static class Tracing
{
    public const string SourceName = "MorningAI";

    private static readonly ActivitySource Source = new(SourceName);

    internal static Activity? StartAttempt(TaskId id, AttemptBegun begun)
    {
        if (!Source.HasListeners())
            return null;
        var parent = new ActivityContext(
            begun.TraceId.ToActivityTraceId(),
            begun.ParentSpan is { } span ? ActivitySpanId.CreateFromString(span) : ActivitySpanId.CreateRandom(),
            ActivityTraceFlags.Recorded,
            isRemote: true);
        var activity = Source.StartActivity($"task {begun.Kind}", ActivityKind.Consumer, parent);
        activity?.SetTag("morningai.task.id", id.ToString());
        activity?.SetTag("morningai.task.kind", begun.Kind.Value);
        activity?.SetTag("morningai.task.attempt", begun.Attempt.Number);
        return activity;
    }
}
