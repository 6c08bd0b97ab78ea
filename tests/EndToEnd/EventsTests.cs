using System.Net;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>A task's events over HTTP and on the command line.</summary>
public sealed class EventsTests(OneSilo fixture) : IClassFixture<OneSilo>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly SiloProcess _silo = fixture.Silo;

    [Fact]
    public async Task Events_Faq_StreamsTheTextAndEndsWithTheTask()
    {
        var id = (await _silo.Submit(new { kind = "faq", payload = new { question = "How do I handle a Redis outage?" } }))!;
        var events = await All(id, null);

        var text = string.Concat(events.Where(e => e.Name == "chunk").Select(e => (string)e.Data["text"]!));
        Assert.Equal(["queued", "running", "succeeded"], events.Where(e => e.Name == "state").Select(e => (string)e.Data["status"]!));
        Assert.Equal("end", events[^1].Name);
        Assert.StartsWith("# ", text, StringComparison.Ordinal);
        Assert.StartsWith(text.TrimEnd(), (string)events[^1].Data["result"]!["markdown"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_LastEventId_GoesOnAfterIt()
    {
        var id = (await _silo.Submit(new { kind = "echo", payload = 1 }))!;
        var all = await All(id, null);

        Assert.Equal(all.Skip(1).Select(e => e.Id), (await All(id, all[0].Id)).Select(e => e.Id));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/tasks/{id}/events");
        request.Headers.Add("Last-Event-ID", all[^1].Id);
        using var response = await _silo.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("/tasks/nonsense/events", HttpStatusCode.BadRequest, "not a task id")]
    [InlineData("/tasks/default.0.00000000000000000000000001/events", HttpStatusCode.NotFound, "There is no task")]
    [InlineData("/tasks/default.0.00000000000000000000000001/events?last_event_id=7", HttpStatusCode.BadRequest, "Last-Event-ID")]
    public async Task Events_BadRequest_SaysWhatIsWrong(string path, HttpStatusCode status, string words)
    {
        using var response = await _silo.Http.GetAsync(path);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_TooMany_OneMoreIsTurnedAwayAndAPlaceIsFreeWhenOneLeaves()
    {
        using var scratch = new Scratch();
        await using var silo = await SiloProcess.Start(scratch.At("data"), environment: ("MorningAI__Watching__MaxStreams", "1"));
        var id = (await silo.Submit(new { kind = "sleep", payload = new { seconds = 600 } }))!;
        using (var first = await silo.Http.GetAsync($"/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead))
        {
            using var second = await silo.Http.GetAsync($"/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (first.StatusCode, second.StatusCode));
            Assert.NotNull(second.Headers.RetryAfter);
        }

        await Deadline.Until("the place is free", Limit, async () =>
        {
            using var third = await silo.Http.GetAsync($"/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead);
            return third.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task Events_NoKey_AreRefused()
    {
        using var scratch = new Scratch();
        await using var silo = await SiloProcess.Start(scratch.At("data"), environment: ("MORNINGAI_API_KEY", "right"));
        using var response = await silo.Http.GetAsync("/tasks/default.0.00000000000000000000000001/events");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Events_SiloKilled_GoOnAtAnotherFromTheLastId()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var one = await SiloProcess.Start(scratch.At("1"), redis.Url, "one");
        await using var two = await SiloProcess.Start(scratch.At("2"), redis.Url, "two");
        var id = (await one.Submit(new { kind = "sleep", payload = new { seconds = 600 } }))!;
        await Deadline.Until("it runs", Limit, async () => (string?)(await one.Task(id))["status"] == "running");
        var victim = (string?)(await one.Task(id))["worker"] == "one" ? one : two;
        var other = victim == one ? two : one;

        List<StreamedEvent> seen = [];
        await EventStream.Read(victim.Http, id, null, e => { seen.Add(e); return e.Name == "progress"; }, Limit);
        await using var watch = ChildProcess.Morningai(["task", "watch", id, "--url", victim.Url.ToString(), "--also", other.Url.ToString()], workingDirectory: scratch.Path);
        await Deadline.Until("the command shows that it runs", Limit, () => Task.FromResult(watch.Output.Contains("running, attempt 1", StringComparison.Ordinal)), () => watch.Errors);
        await victim.Kill();
        Assert.True(await EventStream.Read(other.Http, id, seen[^1].Id, e =>
        {
            seen.Add(e);
            return e.Name == "state" && (int)e.Data["attempt"]! == 2;
        }, Limit));
        using var cancelled = await other.Http.PostAsync($"/tasks/{id}/cancel?reason=enough", null);
        await EventStream.Read(other.Http, id, seen[^1].Id, e => { seen.Add(e); return false; }, Limit);

        var states = seen.Where(e => e.Name == "state").Select(e => $"{e.Data["status"]} {e.Data["attempt"]}").ToArray();
        Assert.Equal(["queued 0", "running 1", "queued 1", "running 2", "cancelled 2"], states);
        Assert.Equal("end", seen[^1].Name);
        Assert.Equal(1, await watch.WaitForExit(Limit));
        Assert.Equal(states.Length, watch.Output.Split('\n').Count(line => line.Length > 0 && char.IsAsciiDigit(line[0])));
        Assert.Contains($"Connected again, to {other.Url}", watch.Errors, StringComparison.Ordinal);
    }

    private async Task<List<StreamedEvent>> All(string id, string? after)
    {
        List<StreamedEvent> events = [];
        Assert.True(await EventStream.Read(_silo.Http, id, after, e => { events.Add(e); return false; }, Limit));
        return events;
    }
}
