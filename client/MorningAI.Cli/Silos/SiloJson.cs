using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MorningAI.Cli.Input;
using MorningAI.Diagnosis;
using MorningAI.Tasks;

namespace MorningAI.Cli.Silos;

/// <summary>The wire's JSON: snake_case, generated at build time so that a short command starts fast.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TaskIdConverter), typeof(TaskStateConverter), typeof(JsonTextConverter)])]
[JsonSerializable(typeof(FaqBody))]
[JsonSerializable(typeof(SubmitBody))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(TaskView))]
[JsonSerializable(typeof(RetriedView))]
[JsonSerializable(typeof(TaskListView))]
[JsonSerializable(typeof(AlertView))]
[JsonSerializable(typeof(AlertListView))]
[JsonSerializable(typeof(BulkBody))]
[JsonSerializable(typeof(BulkView))]
[JsonSerializable(typeof(TaskDeletedView))]
[JsonSerializable(typeof(QueueStandingsView))]
[JsonSerializable(typeof(QueueControlView))]
[JsonSerializable(typeof(QueueClearedView))]
[JsonSerializable(typeof(ExplanationView))]
[JsonSerializable(typeof(ScheduleBody))]
[JsonSerializable(typeof(ScheduleView))]
[JsonSerializable(typeof(ScheduleListView))]
[JsonSerializable(typeof(ScheduleRemovedView))]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SiloEndpoint))]
[JsonSerializable(typeof(JournalView))]
[JsonSerializable(typeof(QuarantineView))]
[JsonSerializable(typeof(RedisPing))]
[JsonSerializable(typeof(RedisDiagnosis))]
[JsonSerializable(typeof(RedisInfo))]
[JsonSerializable(typeof(LatencyReport))]
[JsonSerializable(typeof(TaskMoment))]
[JsonSerializable(typeof(LogLineView))]
[JsonSerializable(typeof(ProgressView))]
[JsonSerializable(typeof(ChunkView))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class SiloJson : JsonSerializerContext
{
    /// <summary>For output: what people read is not escaped beyond need.</summary>
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>On one line.</summary>
    public static string Line(JsonElement element) => Write(element, indented: false);

    public static string Line(JournalView view) => Line(JsonSerializer.SerializeToElement(view, Default.JournalView));

    public static string Line(QuarantineView view) => Line(JsonSerializer.SerializeToElement(view, Default.QuarantineView));

    public static string Line(ScheduleListView view) => Line(JsonSerializer.SerializeToElement(view, Default.ScheduleListView));

    public static string Line(TaskListView view) => Line(JsonSerializer.SerializeToElement(view, Default.TaskListView));

    public static string Indented(JsonElement element) => Write(element, indented: true);

    private static string Write(JsonElement element, bool indented)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented, Encoder = Encoder, NewLine = "\n" }))
            element.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}

internal sealed record FaqBody(string Question, string? Repo);

internal sealed record SubmitBody(string Kind, JsonText Payload, string? Queue, string? Priority, string? IdempotencyKey, double? TimeoutSeconds)
{
    public double? DelaySeconds { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public double? DeadlineSeconds { get; init; }
    public RetryBody? Retry { get; init; }
    public string[]? Tags { get; init; }
    public string? OrderKey { get; init; }
    public string? LimitKey { get; init; }
    public string? UniqueKey { get; init; }
    public string? UniqueUntil { get; init; }
}

/// <param name="PausesSeconds">Null where pauses grow exponentially.</param>
internal sealed record RetryBody(int MaxAttempts, double[]? PausesSeconds, double? FirstSeconds, double? LongestSeconds);

/// <summary>RFC 9457 problem details.</summary>
internal sealed record Problem(string? Title, string? Detail);

/// <remarks>An unknown state is an error: a newer silo's word must not pass for one of ours.</remarks>
internal sealed class TaskStateConverter() : JsonStringEnumConverter<TaskState>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

internal sealed class TaskIdConverter : JsonConverter<TaskId>
{
    public override TaskId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        TaskId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("not a task id");

    public override void Write(Utf8JsonWriter writer, TaskId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class JsonTextConverter : JsonConverter<JsonText>
{
    public override JsonText Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, JsonText value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}
