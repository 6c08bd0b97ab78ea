using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>Schedules as a caller of the HTTP API sees them.</summary>
public sealed class ScheduleApiTests(OneSilo fixture) : IClassFixture<OneSilo>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly SiloProcess _silo = fixture.Silo;

    [Fact]
    public async Task Schedule_FromPutToDelete_AsDescribed()
    {
        using var made = await _silo.Http.PutAsJsonAsync("/schedules/life", new { cron = "0 0 1 1 *", zone = "Europe/Berlin", kind = "echo", payload = 7, misfire = "all", overlap = "skip", priority = "P1", timeout_seconds = 5 });
        using var changed = await _silo.Http.PutAsJsonAsync("/schedules/life", new { cron = "0 0 2 1 *", kind = "echo", payload = 7 });
        var read = (await _silo.Http.GetFromJsonAsync<JsonObject>("/schedules/life"))!;
        var listed = (await _silo.Http.GetFromJsonAsync<JsonObject>("/schedules?after=lif"))!;
        using var paused = await _silo.Http.PostAsync("/schedules/life/pause?by=eve", null);
        using var triggered = await _silo.Http.PostAsync("/schedules/life/trigger", null);
        using var resumed = await _silo.Http.PostAsync("/schedules/life/resume", null);
        var task = await _silo.End((string)(await triggered.Content.ReadFromJsonAsync<JsonObject>())!["task_id"]!, Limit);
        using var removed = await _silo.Http.DeleteAsync("/schedules/life");
        using var gone = await _silo.Http.DeleteAsync("/schedules/life");

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var first = (await made.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal(("all", "skip", "P1", 5), ((string?)first["misfire"], (string?)first["overlap"], (string?)first["priority"], (int)first["timeout_seconds"]!));
        Assert.EndsWith("-12-31T23:00:00+00:00", (string?)first["next_due"]);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(("0 0 2 1 *", "UTC", "once"), ((string?)read["cron"], (string?)read["zone"], (string?)read["misfire"]));
        Assert.Equal("life", (string?)listed["schedules"]![0]!["name"]);
        Assert.Equal("eve", (string?)(await paused.Content.ReadFromJsonAsync<JsonObject>())!["paused_by"]);
        Assert.False((bool)(await resumed.Content.ReadFromJsonAsync<JsonObject>())!["paused"]!);
        Assert.Equal(7, (int)task["result"]!);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("bad", """{"cron":"61 * * * *","kind":"echo"}""", "cron: ")]
    [InlineData("bad", """{"cron":"","kind":"echo"}""", "cron: ")]
    [InlineData("bad", """{"cron":"0 0 30 2 *","kind":"echo"}""", "cron: it never comes due")]
    [InlineData("bad", """{"cron":"* * * * *","zone":"Europe/Berlinn","kind":"echo"}""", "zone: 'Europe/Berlinn' is not a time zone that this silo knows; use an IANA name, as 'Europe/Berlin'")]
    [InlineData("bad", """{"cron":"* * * * *","kind":"nonsense"}""", "kind: ")]
    [InlineData("bad", """{"cron":"* * * * *","kind":"NO"}""", "kind: ")]
    [InlineData("bad", """{"cron":"* * * * *","kind":"sleep","payload":{"seconds":"long"}}""", "payload: ")]
    [InlineData("bad", """{"cron":"* * * * *","kind":"echo","queue":"No Queue"}""", "queue: ")]
    [InlineData("bad", """{"cron":"* * * * *","kind":"echo","priority":"P9"}""", "priority: ")]
    [InlineData("bad", """{"cron":"* * * * *","kind":"echo","misfire":"9"}""", "misfire: ")]
    [InlineData("bad", """{"cron":"* * * * *","kind":"echo","overlap":"maybe"}""", "overlap: ")]
    [InlineData("bad", """{"cron":"* * * * *","kind":"echo","timeout_seconds":-1}""", "timeout_seconds: ")]
    [InlineData("bad", """{"cron":"* * * * *","kind":"echo","crown":1}""", "crown")]
    [InlineData("bad", """{"kind":"echo"}""", "cron")]
    [InlineData("No%20Name", """{"cron":"* * * * *","kind":"echo"}""", "name: ")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", """{"cron":"* * * * *","kind":"echo"}""", "name: ")]
    public async Task Put_BadInput_NamesTheFieldAndStoresNothing(string name, string body, string expected)
    {
        using var response = await _silo.Http.PutAsync($"/schedules/{name}", new StringContent(body, Encoding.UTF8, "application/json"));
        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>())!;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, (string?)problem["detail"], StringComparison.Ordinal);
        using var read = await _silo.Http.GetAsync("/schedules/bad");
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/schedules/none", 404)]
    [InlineData("POST", "/schedules/none/pause", 404)]
    [InlineData("POST", "/schedules/none/resume", 404)]
    [InlineData("POST", "/schedules/none/trigger", 404)]
    [InlineData("DELETE", "/schedules/none", 404)]
    [InlineData("DELETE", "/schedules/No%20Name", 400)]
    [InlineData("GET", "/schedules?take=0", 400)]
    [InlineData("GET", "/schedules?after=No%20Name", 400)]
    public async Task Request_NoSuchSchedule_Problem(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _silo.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
