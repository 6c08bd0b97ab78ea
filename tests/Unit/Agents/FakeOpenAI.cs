using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MorningAI.Tests.Unit.Handlers;

namespace MorningAI.Tests.Unit.Agents;

/// <summary>Speaks OpenAI's streaming chat protocol. Each request takes the next answer; the last one repeats.</summary>
internal sealed class FakeOpenAI : IAsyncDisposable
{
    private readonly Queue<RequestDelegate> _answers;
    private LocalServer? _server;

    private FakeOpenAI(IEnumerable<RequestDelegate> answers) => _answers = new(answers);

    public Uri Endpoint => new(_server!.Url, "/v1");

    /// <summary>What was posted, in order.</summary>
    public List<JsonElement> Requests { get; } = [];

    public List<string?> Authorizations { get; } = [];

    public static async Task<FakeOpenAI> Start(params RequestDelegate[] answers)
    {
        var fake = new FakeOpenAI(answers);
        fake._server = await LocalServer.Start(fake.Answer);
        return fake;
    }

    /// <summary>The text in server-sent events, one a piece.</summary>
    public static RequestDelegate Text(string finish, params string[] pieces) => async http =>
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var piece in pieces)
            await Send(http, Chunk(new { role = "assistant", content = piece }, null));
        await Send(http, Chunk(new { }, finish));
        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    };

    public static RequestDelegate Status(int status, string? retryAfter = null) => http =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
            http.Response.Headers.RetryAfter = retryAfter;
        return http.Response.WriteAsJsonAsync(new { error = new { message = "Incorrect key sk-secret", type = "x", code = "y" } }, http.RequestAborted);
    };

    /// <summary>Begins to answer and then says nothing more.</summary>
    public static async Task Hang(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await Send(http, Chunk(new { role = "assistant", content = "# Be" }, null));
        await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
    }

    public static RequestDelegate Raw(string body) => async http =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(body, http.RequestAborted);
    };

    /// <summary>Cuts the connection in mid-answer.</summary>
    public static async Task BreakOff(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await Send(http, Chunk(new { role = "assistant", content = "# Half an" }, null));
        http.Abort();
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private static async Task Send(HttpContext http, string json)
    {
        await http.Response.WriteAsync($"data: {json}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static string Chunk(object delta, string? finish) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion.chunk",
        created = 1_700_000_000,
        model = "fake",
        choices = new[] { new { index = 0, delta, finish_reason = finish } },
    });

    private async Task Answer(HttpContext http)
    {
        var posted = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
        RequestDelegate answer;
        lock (Requests)
        {
            Requests.Add(posted);
            Authorizations.Add(http.Request.Headers.Authorization);
            answer = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
        }

        if (http.Request.Path != "/v1/chat/completions")
            http.Response.StatusCode = 404;
        else
            await answer(http);
    }
}
