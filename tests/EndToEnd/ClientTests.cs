using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MorningAI.Client;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>The client library against real silos: it may start first, and in an outage, and keeps its silos through one.</summary>
public sealed class ClientTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_BeforeItsCluster_WaitsForIt()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        using var client = Client(redis.Url);
        var starting = client.StartAsync(TestContext.Current.CancellationToken);

        await using var silo = await SiloProcess.Start(scratch.At("1"), redis.Url);
        await starting.WaitAsync(Limit, TestContext.Current.CancellationToken);

        await Echo(client);
        await client.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_InAnOutage_WaitsForRedisAndThenFindsTheSilosThatLivedThroughIt()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var silo = await SiloProcess.Start(scratch.At("1"), redis.Url);
        await redis.Kill();
        using var client = Client(redis.Url);
        var starting = client.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(await silo.Submit(new { kind = "echo", payload = 1 }));
        Assert.False(starting.IsCompleted);
        await redis.Begin();
        await starting.WaitAsync(Limit, TestContext.Current.CancellationToken);

        await Echo(client);
        await client.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Running_RedisDiesAndComesBackEmpty_KeepsItsSilos()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var silo = await SiloProcess.Start(scratch.At("1"), redis.Url);
        using var client = Client(redis.Url);
        await client.StartAsync(TestContext.Current.CancellationToken);
        await Echo(client);

        await redis.Kill();
        await Echo(client);
        await redis.Begin();
        await using (var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port},allowAdmin=true"))
            await connection.GetServers()[0].FlushAllDatabasesAsync();
        await Echo(client);

        using var another = Client(redis.Url);
        await another.StartAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        await Echo(another);
        await another.StopAsync(TestContext.Current.CancellationToken);
        await client.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost Client(string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.AddMorningAIClient(o => o.Redis = redis);
        return builder.Build();
    }

    private static async Task Echo(IHost client)
    {
        var tasks = client.Services.GetRequiredService<ITaskClient>();
        var receipt = await tasks.Submit("echo", new { hello = "world" }).WaitAsync(Limit);
        var result = await tasks.Wait<JsonElement>(receipt.TaskId).WaitAsync(Limit);
        Assert.Equal("world", result.GetProperty("hello").GetString());
        Assert.Equal("world", (await tasks.GetPayload<JsonElement>(receipt.TaskId).WaitAsync(Limit)).GetProperty("hello").GetString());
    }
}
