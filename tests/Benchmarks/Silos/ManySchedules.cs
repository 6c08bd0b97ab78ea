using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Client;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Tests.Harness;
using StackExchange.Redis;

namespace MorningAI.Tests.Benchmarks.Silos;

/// <summary>
/// Many schedules that are due at one moment: how late the last one fires, and whether each does once. First on one silo;
/// then on two, one of which is killed at that moment.
/// </summary>
internal static class ManySchedules
{
    private const string Queue = "many";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task Run(int count)
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var first = await SiloProcess.Start(scratch.At("1"), redis.Url, "one");
        using var client = await Submitters.Connect(first.Gateway);
        var schedules = client.Services.GetRequiredService<IScheduleClient>();
        var tasks = client.Services.GetRequiredService<ITaskClient>();
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");

        var due = await Add(schedules, count);
        await Pause(due);
        await Report("one silo", schedules, tasks, connection, due, count, count);

        await using var second = await SiloProcess.Start(scratch.At("2"), redis.Url, "two");
        due = await Add(schedules, count);
        await Pause(due);
        await second.Kill();
        await Report("two silos, one killed at the due time", schedules, tasks, connection, due, count, 2 * count);
    }

    /// <summary>All of them, or all of them anew, due in the minute after the next: there is time to add them.</summary>
    private static async Task<DateTimeOffset> Add(IScheduleClient schedules, int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var due = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero).AddMinutes(2);
        var cron = string.Create(CultureInfo.InvariantCulture, $"{due.Minute} {due.Hour} {due.Day} {due.Month} *");
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Names(count), new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (name, stop) =>
            await schedules.Put(name, cron, "echo", new { text = "due" }, new ScheduleOptions { Queue = QueueName.Parse(Queue) }, stop));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:#,0} schedules stored in {watch.Elapsed.TotalSeconds:0.0} s, due at {due:HH:mm:ss}"));
        return due;
    }

    private static Task Pause(DateTimeOffset until)
    {
        var left = until - TimeProvider.System.GetUtcNow();
        return left > TimeSpan.Zero ? Task.Delay(left, TimeProvider.System) : throw new InvalidOperationException("Adding them took longer than there was time: take fewer.");
    }

    private static async Task Report(string what, IScheduleClient schedules, ITaskClient tasks, ConnectionMultiplexer redis, DateTimeOffset due, int count, long total)
    {
        long stored = 0;
        await Deadline.Until("all have fired and run", Limit, async () => (stored = await redis.GetDatabase().SortedSetLengthAsync($"morningai:{{{Queue}.0}}:state:succeeded")) >= total, () => $"{stored} of {total}");
        List<ScheduleSnapshot> fired = [];
        await foreach (var schedule in schedules.List())
            fired.Add(schedule);
        var ends = (await redis.GetDatabase().SortedSetRangeByScoreWithScoresAsync($"morningai:{{{Queue}.0}}:state:succeeded", start: due.ToUnixTimeMilliseconds())).Select(e => e.Score).ToArray();
        long states = 0;
        foreach (var state in (string[])["scheduled", "queued", "blocked", "running", "succeeded", "failed", "cancelled", "dead"])
            states += await redis.GetDatabase().SortedSetLengthAsync($"morningai:{{{Queue}.0}}:state:{state}");
        var lateness = await Lateness(tasks, fired, due);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {fired.Count(s => s.LastDue == due):#,0} of {count:#,0} fired; late by {lateness[lateness.Length / 2]:0.00} s (median), {lateness[(int)(lateness.Length * 0.99)]:0.00} s (p99), {lateness[^1]:0.00} s (latest); the last task ended {(ends.Max() - due.ToUnixTimeMilliseconds()) / 1000:0.00} s after the due time; {states - total} tasks too many"));
    }

    /// <returns>Seconds from the due time to the moment at which the task was taken in; in order.</returns>
    private static async Task<double[]> Lateness(ITaskClient tasks, IReadOnlyList<ScheduleSnapshot> fired, DateTimeOffset due)
    {
        var late = new double[fired.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, fired.Count), new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, stop) =>
            late[i] = ((await tasks.Get(fired[i].LastTask!.Value, stop))!.CreatedAt - due).TotalSeconds);
        Array.Sort(late);
        return late;
    }

    private static IEnumerable<ScheduleName> Names(int count) => Enumerable.Range(0, count).Select(i => ScheduleName.Parse(string.Create(CultureInfo.InvariantCulture, $"s{i}")));
}
