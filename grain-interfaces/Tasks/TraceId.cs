using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace MorningAI.Tasks;

/// <summary>
/// Ties a task to the request that made it. 128 bits: shown as a UUID, and the same bits are the trace id of the W3C
/// <c>traceparent</c>, so one search finds the document, the logs and the spans.
/// </summary>
[GenerateSerializer, Immutable, Alias("mai.TraceId")]
public readonly record struct TraceId([property: Id(0)] Guid Value)
{
    /// <summary>It need be no secret, so it is not asked of the system, which takes a microsecond.</summary>
    public static TraceId New()
    {
        Span<byte> random = stackalloc byte[16];
        Random.Shared.NextBytes(random);
        return new TraceId(new Guid(random));
    }

    /// <summary>The trace that the caller is in, or a new one.</summary>
    public static TraceId CurrentOrNew() => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current
        ? new TraceId(Guid.ParseExact(current.TraceId.ToHexString(), "N"))
        : New();

    /// <exception cref="FormatException">The text is not a UUID.</exception>
    public static TraceId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{Shown.Short(text)}' is not a trace id: expected a UUID.");

    public static bool TryParse([NotNullWhen(true)] string? text, out TraceId id)
    {
        var parsed = Guid.TryParse(text, out var value);
        id = new TraceId(value);
        return parsed;
    }

    public ActivityTraceId ToActivityTraceId() => ActivityTraceId.CreateFromString(Value.ToString("N"));

    public override string ToString() => Value.ToString("D");
}
