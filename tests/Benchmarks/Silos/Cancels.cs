using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Client;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;

namespace MorningAI.Tests.Benchmarks.Silos;

/// <summary>
/// How soon a cancel reaches a running handler: a worker of one slot runs a task that sleeps for ten minutes, and the next
/// one begins when that has obeyed. And how long the cancel of one that waits takes.
/// </summary>
internal static class Cancels
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task Run(int count)
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var silo = await SiloProcess.Start(scratch.At("1"), redis.Url, "one", ("MorningAI__Workers__Concurrency", "1"));
        using var client = await Submitters.Connect(silo.Gateway);
        var tasks = client.Services.GetRequiredService<ITaskClient>();
        var (reached, taken) = (new List<double>(), new List<double>());
        for (var i = 0; i < count; i++)
        {
            var running = (await tasks.Submit("sleep", new { seconds = 600 })).TaskId;
            await Deadline.Until("it runs", Limit, async () => (await tasks.Get(running))!.State == TaskState.Running);
            var waiting = (await tasks.Submit("echo", "waits")).TaskId;
            var next = (await tasks.Submit("echo", "next")).TaskId;

            var began = Stopwatch.GetTimestamp();
            await tasks.Cancel(waiting);
            taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            var told = TimeProvider.System.GetUtcNow();
            await tasks.Cancel(running);
            reached.Add(((await tasks.Wait(next)).StartedAt!.Value - told).TotalMilliseconds);
        }

        Say("from a cancel to the start of the next task in the slot", reached);
        Say("to cancel a task that waits", taken);
    }

    private static void Say(string what, List<double> milliseconds)
    {
        milliseconds.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {milliseconds[milliseconds.Count / 2]:0.0} ms (median), {milliseconds[(int)(milliseconds.Count * 0.99)]:0.0} ms (p99), {milliseconds[^1]:0.0} ms (longest) of {milliseconds.Count}"));
    }
}
