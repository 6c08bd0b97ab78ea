using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary>How far the running attempt says it is.</summary>
public sealed record ProgressEvent(int Attempt, double Fraction, string? Message);

/// <summary>A piece of the streamed text.</summary>
/// <param name="Offset">UTF-16 characters before it.</param>
public sealed record ChunkEvent(int Attempt, long Offset, string Text);

/// <summary>The text so far is void: it begins anew.</summary>
public sealed record RestartedEvent(int Attempt);

/// <summary>A part of the text is no longer kept.</summary>
public sealed record TruncatedEvent(int Attempt, long From, long To);

/// <summary>Log lines that are no longer kept, all so far.</summary>
public sealed record LogDroppedEvent(int Lines);

/// <summary>A happening as one server-sent event: its name, and its data as JSON on one line.</summary>
internal static class EventContracts
{
    /// <returns>Null for one that this version does not know.</returns>
    public static (string Name, object Data)? Of(TaskHappening happening) => happening switch
    {
        StateReached state => ("state", TaskEventResponse.Of(state.Line)),
        ProgressMade made => ("progress", new ProgressEvent(made.Attempt, made.Progress.Fraction, made.Progress.Message)),
        LineLogged logged => ("log", LogLineResponse.Of(logged.Line)),
        LinesDropped dropped => ("log_dropped", new LogDroppedEvent(dropped.Count)),
        TextStreamed chunk => ("chunk", new ChunkEvent(chunk.Attempt, chunk.Offset, chunk.Text)),
        StreamRestarted restarted => ("restarted", new RestartedEvent(restarted.Attempt)),
        StreamTruncated truncated => ("truncated", new TruncatedEvent(truncated.Attempt, truncated.From, truncated.To)),
        TaskEnded ended => ("end", TaskResponse.Of(ended.Task)),
        _ => null,
    };

    /// <summary>JSON escapes line ends, so the data is one line whatever is in it.</summary>
    public static string Write(TaskHappening happening, JsonSerializerOptions options) => Of(happening) is var (name, data)
        ? $"id: {happening.Id}\nevent: {name}\ndata: {JsonSerializer.Serialize(data, options.GetTypeInfo(data.GetType()))}\n\n"
        : $"id: {happening.Id}\n\n";
}
