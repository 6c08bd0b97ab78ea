using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace MorningAI.Tests.Benchmarks.Silos;

/// <summary>Bulk work for a silo that runs already: for profilers.</summary>
internal static class Load
{
    public static async Task Run(string gateway, string redis, int count, int rounds)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis);
        using var client = await Submitters.Connect(gateway);
        for (var round = 0; round < rounds; round++)
        {
            var before = await Succeeded();
            var watch = Stopwatch.StartNew();
            await Submitters.Submit(client, "echo", new { text = new string('x', 180) }, count);
            var submitted = watch.Elapsed;
            while (await Succeeded() < before + count)
                await Task.Delay(20);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"submitted {count / submitted.TotalSeconds:0}/s, done {count / watch.Elapsed.TotalSeconds:0}/s"));
        }

        Task<long> Succeeded() => connection.GetDatabase().SortedSetLengthAsync("morningai:{default.0}:state:succeeded");
    }
}
