using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>What an operator asks when it does not work, of a real silo.</summary>
public sealed class DiagnosisTests(OneSilo fixture) : IClassFixture<OneSilo>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly SiloProcess _silo = fixture.Silo;

    [Fact]
    public async Task Redis_SiloOnItsEmbeddedStore_EveryStepWorks()
    {
        using var response = await _silo.Http.PostAsync("/ops/redis/diagnose", null);
        var diagnosis = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True((bool)diagnosis["ok"]!, diagnosis.ToJsonString());
        Assert.Contains(":***@127.0.0.1:", (string?)diagnosis["address"], StringComparison.Ordinal);

        var ping = (await _silo.Http.GetFromJsonAsync<JsonObject>("/ops/redis/ping"))!;
        Assert.True((bool)ping["ok"]! && (double)ping["best_ms"]! > 0 && ping["last_answer_at"] is not null, ping.ToJsonString());
        var info = (await _silo.Http.GetFromJsonAsync<JsonObject>("/ops/redis"))!;
        Assert.True((bool)info["ok"]!, info.ToJsonString());
    }

    [Fact]
    public async Task Latency_AfterATask_HasItsParts()
    {
        var id = await _silo.Submit(new { kind = "echo", payload = new { text = "hello" } });
        await _silo.End(id!, Limit);
        JsonObject latency = [];
        await Deadline.Until("the task is measured", Limit, async () =>
        {
            latency = (await _silo.Http.GetFromJsonAsync<JsonObject>("/ops/latency"))!;
            return latency["parts"]!.AsArray().All(p => (long)p!["count"]! > 0);
        }, () => latency.ToJsonString());

        Assert.Contains((string?)latency["largest"], new[] { "waiting", "execution", "store" });
        Assert.True((long)latency["details"]![1]!["count"]! > 0, latency.ToJsonString());
    }

    [Fact]
    public async Task Diagnose_SiloThatWaitsForItsRedis_SaysWhyAndAsksForTheKey()
    {
        using var scratch = new Scratch();
        await using var silo = SiloProcess.Launch(scratch.At("data"), $"redis://:hunter2@127.0.0.1:{FreePort.Next()}", null, ("MORNINGAI_API_KEY", "right"));
        await Deadline.Until("it lives", Limit, async () =>
        {
            using var live = await silo.Http.GetAsync("/health/live");
            return live.IsSuccessStatusCode;
        }, () => silo.Process.Errors);
        using var without = await silo.Http.PostAsync("/ops/redis/diagnose", null);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);

        await using var diagnose = ChildProcess.Morningai(["redis", "diagnose", "--url", silo.Url.ToString()], new Dictionary<string, string?> { ["MORNINGAI_API_KEY"] = "right" }, scratch.Path);
        Assert.True(await diagnose.WaitForExit(Limit) == 1, diagnose.Errors);
        Assert.Contains("tcp         FAILED", diagnose.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", diagnose.Output + diagnose.Errors, StringComparison.Ordinal);
    }
}
