using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>Queues as a caller of the HTTP API sees them.</summary>
public sealed class QueueApiTests(OneSilo fixture) : IClassFixture<OneSilo>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly SiloProcess _silo = fixture.Silo;

    [Fact]
    public async Task Queue_PausedExplainedClearedAndResumed_AsDescribed()
    {
        using var paused = await _silo.Http.PostAsync("/queues/shelf/pause?by=ann&reason=a%20deploy", null);
        using var first = await _silo.Http.PostAsJsonAsync("/tasks", new { kind = "echo", queue = "shelf", payload = 1, order_key = "chat-1", limit_key = "tenant-1" });
        using var second = await _silo.Http.PostAsJsonAsync("/tasks", new { kind = "echo", queue = "shelf", payload = 2, unique_key = "once", unique_until = "started" });
        using var again = await _silo.Http.PostAsJsonAsync("/tasks", new { kind = "echo", queue = "shelf", payload = 2, unique_key = "once", unique_until = "started" });
        var id = await Id(first);
        var task = (await _silo.Http.GetFromJsonAsync<JsonObject>($"/tasks/{id}"))!;
        var why = (await _silo.Http.GetFromJsonAsync<JsonObject>($"/tasks/{id}/explain"))!;
        var whole = (await _silo.Http.GetFromJsonAsync<JsonObject>("/queues/shelf/explain"))!;
        var standing = (await _silo.Http.GetFromJsonAsync<JsonObject>("/queues/shelf"))!;
        using var unsure = await _silo.Http.PostAsync("/queues/shelf/clear", null);
        using var cleared = await _silo.Http.PostAsync("/queues/shelf/clear?confirm=true", null);
        using var drained = await _silo.Http.PostAsync("/queues/shelf/drain", null);
        using var refused = await _silo.Http.PostAsJsonAsync("/tasks", new { kind = "echo", queue = "shelf" });
        using var resumed = await _silo.Http.PostAsync("/queues/shelf/resume", null);
        using var last = await _silo.Http.PostAsJsonAsync("/tasks", new { kind = "echo", queue = "shelf", payload = 7 });

        Assert.Equal(("ann", "a deploy"), ((string?)(await Json(paused))["paused"]!["by"], (string?)standing["paused"]!["reason"]));
        Assert.Equal(await Id(second), await Id(again));
        Assert.Equal(("chat-1", "tenant-1"), ((string?)task["order_key"], (string?)task["limit_key"]));
        Assert.Equal(("paused", "ann"), ((string?)why["reasons"]![0]!["code"], (string?)why["reasons"]![0]!["by"]));
        Assert.Equal((2, "paused"), ((int)whole["ready"]!, (string?)whole["reasons"]![0]!["code"]));
        Assert.Equal(2, (int)standing["ready"]!);
        Assert.Equal(HttpStatusCode.BadRequest, unsure.StatusCode);
        Assert.Equal((2, 0), ((int)(await Json(cleared))["cancelled"]!, (int)(await Json(cleared))["left"]!));
        Assert.Equal(HttpStatusCode.OK, drained.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("takes nothing new", (string?)(await Json(refused))["detail"]);
        Assert.Null((await Json(resumed))["draining"]);
        Assert.Equal(7, (int)(await _silo.End(await Id(last), Limit))["result"]!);
    }

    [Theory]
    [InlineData("/queues/No%20Queue/pause", HttpStatusCode.BadRequest)]
    [InlineData("/queues/nobody/clear?confirm=true", HttpStatusCode.NotFound)]
    public async Task Post_NoSuchQueue_SaysSo(string path, HttpStatusCode expected)
    {
        using var answer = await _silo.Http.PostAsync(path, null);
        Assert.Equal(expected, answer.StatusCode);
        Assert.NotEmpty((string?)(await Json(answer))["detail"] ?? "");
    }

    [Theory]
    [InlineData("""{"kind":"echo","order_key":""}""", "order_key")]
    [InlineData("""{"kind":"echo","unique_until":"done"}""", "unique_until")]
    [InlineData("""{"kind":"echo","unique_key":"a","unique_until":"never"}""", "unique_until")]
    public async Task Submit_BadKey_IsRefusedByName(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _silo.Http.PostAsync("/tasks", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(field, (string?)(await Json(answer))["detail"]);
    }

    private static async Task<JsonObject> Json(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();

    private static async Task<string> Id(HttpResponseMessage answer) => (string)(await Json(answer))["task_id"]!;
}
