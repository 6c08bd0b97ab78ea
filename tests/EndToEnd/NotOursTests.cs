using System.Security.Cryptography;
using MorningAI.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>A store or a journal that is somebody else's is refused, and left as it was.</summary>
public sealed class NotOursTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_RedisOfAnotherService_IsRefused()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using (var first = await SiloProcess.Start(scratch.At("1"), redis.Url, environment: ("MORNINGAI_SERVICE_ID", "first")))
            await first.End((await first.Submit(new { kind = "echo", payload = 1 }))!, Limit);

        var said = await Refused(scratch, "2", redis.Url, ("MORNINGAI_SERVICE_ID", "second"));
        Assert.Contains("belongs to the service 'first'", said);
        Assert.Contains("MORNINGAI_SERVICE_ID", said);
    }

    [Fact]
    public async Task Start_RedisOfAnotherCluster_IsRefusedAndTheFirstGoesOn()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var first = await SiloProcess.Start(scratch.At("1"), redis.Url, "first", ("MORNINGAI_CLUSTER_ID", "first"));

        Assert.Contains("belongs to the cluster 'first'", await Refused(scratch, "2", redis.Url, ("MORNINGAI_CLUSTER_ID", "second")));
        Assert.Equal("succeeded", (string?)(await first.End((await first.Submit(new { kind = "echo", payload = 1 }))!, Limit))["status"]);
        Assert.Single((await first.Overview())["workers"]!.AsArray());
    }

    [Fact]
    public async Task Start_RedisWithStrangersUnderOurName_IsRefused()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using (var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}"))
            await connection.GetDatabase().StringSetAsync("morningai:sessions:42", "theirs");

        Assert.Contains("morningai:sessions:42", await Refused(scratch, "1", redis.Url));
    }

    [Fact]
    public async Task Start_JournalOfAnotherCluster_IsRefusedAndLeftAsItWas()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using (var first = await SiloProcess.Start(scratch.At("1"), redis.Url, environment: ("MORNINGAI_CLUSTER_ID", "first")))
            await first.End((await first.Submit(new { kind = "echo", payload = 1 }))!, Limit);
        var journal = Path.Combine(scratch.At("1"), "journal.db");
        var before = SHA256.HashData(await File.ReadAllBytesAsync(journal, TestContext.Current.CancellationToken));

        var said = await Refused(scratch, "1", redis.Url, ("MORNINGAI_CLUSTER_ID", "second"));
        Assert.Contains("first", said);
        Assert.Contains("journal", said, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, SHA256.HashData(await File.ReadAllBytesAsync(journal, TestContext.Current.CancellationToken)));
    }

    /// <summary>It would give numbers out again, and the store would take what is new for what it has.</summary>
    [Fact]
    public async Task Start_OlderCopyOfAJournal_IsRefused()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var first = await SiloProcess.Start(scratch.At("1"), redis.Url);
        await first.End((await first.Submit(new { kind = "echo", payload = 1 }))!, Limit);
        await Stop(first);
        Directory.CreateDirectory(scratch.At("2"));
        foreach (var file in Directory.EnumerateFiles(scratch.At("1"), "journal.db*"))
            File.Copy(file, Path.Combine(scratch.At("2"), Path.GetFileName(file)));
        await first.Restart();
        await first.End((await first.Submit(new { kind = "echo", payload = 2 }))!, Limit);
        await Stop(first);

        Assert.Contains("older copy", await Refused(scratch, "2", redis.Url));
    }

    private static async Task Stop(SiloProcess silo)
    {
        silo.Process.Signal("TERM");
        Assert.Equal(0, await silo.Process.WaitForExit(Limit));
    }

    /// <returns>What it said; one line, without a stack trace.</returns>
    private static async Task<string> Refused(Scratch scratch, string data, string redis, params (string Name, string? Value)[] environment)
    {
        await using var silo = ChildProcess.Morningai(
            ["silo", "--redis", redis, "--http", "0", "--silo-port", "0", "--gateway-port", "0", "--data", scratch.At(data), "--name", "other"],
            environment.ToDictionary(v => v.Name, v => v.Value));
        Assert.Equal(1, await silo.WaitForExit(Limit));
        Assert.DoesNotContain("   at ", silo.Errors, StringComparison.Ordinal);
        return silo.Errors;
    }
}
