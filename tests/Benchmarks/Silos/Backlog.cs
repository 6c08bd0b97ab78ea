using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MorningAI.Tests.Harness;

namespace MorningAI.Tests.Benchmarks.Silos;

/// <summary>Many unfinished tasks: the journal's size, the silo's memory, and how long a killed silo takes to be ready again.</summary>
internal static class Backlog
{
    public static async Task Run(int count)
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var silo = await SiloProcess.Start(scratch.At("data"), redis.Url, "backlog");
        var empty = Memory(silo);
        var watch = Stopwatch.StartNew();
        using (var client = await Submitters.Connect(silo.Gateway))
        {
            // Sleepers take the worker's 64 slots; everything behind them waits.
            await Submitters.Submit(client, "sleep", new { seconds = 36_000 }, 128);
            await Submitters.Submit(client, "echo", new { text = new string('x', 180) }, count, done => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done:#,0} submitted after {watch.Elapsed.TotalSeconds:0.0} s")));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident memory: {empty / 1e6:0} MB empty, {Memory(silo) / 1e6:0} MB with {count:#,0} waiting"));
        await Task.Delay(TimeSpan.FromSeconds(2));
        var journal = JsonNode.Parse(await silo.Http.GetStringAsync("/ops/journal"))!;
        Console.WriteLine(journal.ToJsonString());
        var bytes = new DirectoryInfo(scratch.At("data")).GetFiles("journal.db*").Sum(f => f.Length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"journal: {bytes / (double)count:0} bytes a task, log included"));
        await silo.Kill();
        watch.Restart();
        await silo.Restart();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"killed and ready again after {watch.Elapsed.TotalSeconds:0.0} s, {Memory(silo) / 1e6:0} MB"));
        await Deadline.Until("the queue is rebuilt", TimeSpan.FromMinutes(5), async () => (await silo.Overview())["queues"]!.AsArray().Sum(q => (long?)q!["ready"] ?? 0) >= count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"its queue shown whole after {watch.Elapsed.TotalSeconds:0.0} s, {Memory(silo) / 1e6:0} MB"));
    }

    private static long Memory(SiloProcess silo)
    {
        using var process = Process.GetProcessById(silo.Process.Id);
        return process.WorkingSet64;
    }
}
