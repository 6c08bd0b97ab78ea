using System.Diagnostics;
using System.Globalization;
using MorningAI.Tests.Harness;
using StackExchange.Redis;

namespace MorningAI.Tests.Benchmarks.Silos;

/// <summary>What the journal costs with a healthy Redis: the same work with it and without, in turns; with so many slots that the processor is the limit.</summary>
internal static class JournalOnOff
{
    private const int Rounds = 5;

    public static async Task Run(int count)
    {
        var results = new Dictionary<bool, List<double>> { [true] = [], [false] = [] };
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var on in (bool[])[round % 2 == 0, round % 2 != 0])
            {
                var rate = await Once(on, count);
                results[on].Add(rate);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}, journal {(on ? "on " : "off")}: {rate:0} tasks/s, submit to done"));
            }
        }

        double Median(bool on) => results[on].Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median on {Median(true):0}, off {Median(false):0}, ratio {Median(true) / Median(false):0.000}"));
    }

    private static async Task<double> Once(bool on, int count)
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var silo = await SiloProcess.Start(scratch.At("data"), redis.Url, environment: [("MorningAI__Journal__Enabled", on ? "true" : "false"), ("MorningAI__Workers__Concurrency", "1024")]);
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        using var client = await Submitters.Connect(silo.Gateway);
        var payload = new { text = new string('x', 180) };
        await Work(count / 4); // warms up
        var watch = Stopwatch.StartNew();
        await Work(count);
        return count / watch.Elapsed.TotalSeconds;

        async Task Work(int tasks)
        {
            var before = await Succeeded(connection);
            await Submitters.Submit(client, "echo", payload, tasks);
            await Deadline.Until("all are done", TimeSpan.FromMinutes(5), async () => await Succeeded(connection) >= before + tasks);
        }
    }

    private static Task<long> Succeeded(ConnectionMultiplexer redis) => redis.GetDatabase().SortedSetLengthAsync("morningai:{default.0}:state:succeeded");
}
