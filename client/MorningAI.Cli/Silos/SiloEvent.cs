using System.Text;
using System.Text.Json;

namespace MorningAI.Cli.Silos;

/// <summary>One server-sent event of a silo.</summary>
internal sealed record SiloEvent(string Id, string Name, JsonElement Data);

/// <summary>A stream of server-sent events, as it comes.</summary>
internal sealed class SiloEvents(HttpResponseMessage response, Stream body) : IDisposable
{
    /// <summary>A silo says every 10 s that it is there; thrice missed, it is not. By the machine's clock, as the limits of the HTTP client are.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly StreamReader _lines = new(body, Encoding.UTF8);

    /// <returns>Null where the stream has ended.</returns>
    /// <exception cref="IOException">The connection broke, or nothing was heard for too long.</exception>
    /// <exception cref="JsonException">It is no stream of events.</exception>
    public async Task<SiloEvent?> Next(CancellationToken cancellationToken)
    {
        string id = "", name = "";
        var data = new StringBuilder();
        while (await ReadLine(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                    return new SiloEvent(id, name, JsonSerializer.Deserialize(data.ToString(), SiloJson.Default.JsonElement));
                continue;
            }

            var colon = line.IndexOf(':');
            var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].TrimStart(' '));
            switch (field)
            {
                case "id":
                    id = value;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    data.Append(value);
                    break;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        response.Dispose();
    }

    private async Task<string?> ReadLine(CancellationToken cancellationToken)
    {
        using var silent = new CancellationTokenSource(Silence, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silent.Token, cancellationToken);
        try
        {
            return await _lines.ReadLineAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"nothing was heard for {Silence.TotalSeconds:0} s", e);
        }
        catch (HttpRequestException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
