using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Client;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using StackExchange.Redis;

namespace MorningAI.Tests.Benchmarks.Silos;

/// <summary>
/// Many finished tasks whose time is over: how fast they go, and what submitting costs meanwhile. In turns: some seconds
/// without a purge, then one of a part of them.
/// </summary>
internal static class Purging
{
    private const int Parts = 4;
    private const int Rate = 500;
    private const string Old = "old";
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static async Task Run(int count)
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var silo = await SiloProcess.Start(scratch.At("data"), redis.Url, "purge", ("MorningAI__Retention__Every", "00:00:03"));
        using var client = await Submitters.Connect(silo.Gateway);
        var tasks = client.Services.GetRequiredService<ITaskClient>();
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        var database = connection.GetDatabase();
        await tasks.Wait((await tasks.Submit("echo", new { n = 0 }, new SubmitOptions { Queue = QueueName.Parse(Old) })).TaskId); // from now on there is such a queue
        await Measure(tasks, () => Task.FromResult(false), TimeSpan.FromSeconds(20)); // warm

        List<double> quiet = [], purging = [];
        for (var part = 0; part < Parts; part++)
        {
            quiet.Add(Print("without a purge", await Measure(tasks, () => Task.FromResult(false), Quiet)));
            await Insert(database, count / Parts);
            var watch = Stopwatch.StartNew();
            purging.Add(Print("while it purges", await Measure(tasks, async () => await Left(database) <= 1, Limit)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count / Parts:#,0} removed in {watch.Elapsed.TotalSeconds:0.0} s, the wait for the round of 3 s included"));
        }

        quiet.Sort();
        purging.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"submit p99, median of {Parts}: {quiet[Parts / 2]:0.00} ms without, {purging[Parts / 2]:0.00} ms with; ratio {purging[Parts / 2] / quiet[Parts / 2]:0.00}"));
    }

    private static Task<long> Left(IDatabase database) => database.SortedSetLengthAsync($"morningai:{{{Old}.0}}:state:succeeded");

    /// <summary>Submits at a steady rate and times each.</summary>
    private static async Task<double[]> Measure(ITaskClient tasks, Func<Task<bool>> isOver, TimeSpan limit)
    {
        var (times, pending) = (new List<double>(), new List<Task>());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var watch = Stopwatch.StartNew();
        for (var tick = 0; watch.Elapsed < limit && !(tick % 20 == 0 && await isOver()); tick++)
        {
            for (var i = 0; i < Rate / 100; i++)
                pending.Add(Time());
            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(pending);
        times.Sort();
        return [.. times];

        async Task Time()
        {
            var start = Stopwatch.GetTimestamp();
            await tasks.Submit("echo", new { text = "steady" });
            lock (times)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private static double Print(string what, double[] times)
    {
        var p99 = times[(int)(times.Length * 0.99)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {times.Length:#,0} submits, p50 {times[times.Length / 2]:0.00} ms, p99 {p99:0.00} ms"));
        return p99;
    }

    /// <summary>As two days ago would have left them: header, some 400 bytes, and a place in the index.</summary>
    private static async Task Insert(IDatabase database, int count)
    {
        var record = Encoding.ASCII.GetBytes($"1{3:x12}{(int)TaskState.Succeeded}{7:x16}{new string('x', 400)}");
        var ended = TimeProvider.System.GetUtcNow().AddDays(-2);
        for (var done = 0; done < count; done += 10_000)
        {
            var batch = database.CreateBatch();
            List<Task> sent = [];
            for (var i = done; i < Math.Min(done + 10_000, count); i++)
            {
                var member = Base32.Encode(Guid.CreateVersion7(ended.AddMilliseconds(i)));
                sent.Add(batch.StringSetAsync($"morningai:{{{Old}.0}}:task:{member}", record));
                sent.Add(batch.SortedSetAddAsync($"morningai:{{{Old}.0}}:state:succeeded", member, ended.ToUnixTimeMilliseconds() + i));
            }

            batch.Execute();
            await Task.WhenAll(sent);
        }
    }
}
