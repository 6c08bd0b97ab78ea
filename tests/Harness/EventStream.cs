using System.Text.Json.Nodes;

namespace MorningAI.Tests.Harness;

/// <summary>One server-sent event.</summary>
public sealed record StreamedEvent(string Id, string Name, JsonObject Data);

/// <summary>Reads a task's events over HTTP, as any client would.</summary>
public static class EventStream
{
    /// <summary>Hands each event on until the stream ends, breaks, or <paramref name="enough"/> says so.</summary>
    /// <returns>False where it broke.</returns>
    public static async Task<bool> Read(HttpClient http, string task, string? after, Func<StreamedEvent, bool> enough, TimeSpan limit)
    {
        using var stop = new CancellationTokenSource(limit);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/tasks/{task}/events");
        if (after is not null)
            request.Headers.Add("Last-Event-ID", after);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            response.EnsureSuccessStatusCode();
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop.Token));
            string id = "", name = "";
            while (await lines.ReadLineAsync(stop.Token) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = line[4..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                    name = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal) && enough(new StreamedEvent(id, name, JsonNode.Parse(line[6..])!.AsObject())))
                    return true;
            }

            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }
}
