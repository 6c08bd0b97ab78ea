using System.Text;
using System.Text.Json;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary>Writes server-sent events. A reader that is too slow is cut off by the server's minimum data rate; nothing is queued for it.</summary>
internal sealed class EventStream(HttpResponse response, JsonSerializerOptions json, TimeSpan heartbeat, TimeProvider time)
{
    private long _written;

    /// <summary>Until the headers are out a client does not know that it is connected.</summary>
    public async Task Begin(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx
        await Send("retry: 1000\n\n", cancellationToken);
    }

    public async Task Write(IReadOnlyList<TaskHappening> happenings, CancellationToken cancellationToken)
    {
        if (happenings.Count == 0)
            return;
        var text = new StringBuilder();
        foreach (var happening in happenings)
            text.Append(EventContracts.Write(happening, json));
        await Send(text.ToString(), cancellationToken);
    }

    public async Task Beat(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_written) >= heartbeat)
            await Send(": still here\n\n", cancellationToken);
    }

    private async Task Send(string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        _written = time.GetTimestamp();
    }
}
