// Submits to Hangfire, or works for it, as 'morningai bench' asks for by lines on standard input; a line of JSON answers each.
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hangfire;
using Hangfire.Redis.StackExchange;
using StackExchange.Redis;

const int Threads = 16;

var size = int.Parse(Environment.GetEnvironmentVariable("BENCH_PAYLOAD")!, CultureInfo.InvariantCulture);
var plain = new string('x', size);
var redis = ConnectionMultiplexer.Connect("127.0.0.1:" + Environment.GetEnvironmentVariable("BENCH_REDIS_PORT"));
var storage = new RedisStorage(redis, new RedisStorageOptions { Prefix = "{hangfire}:", SucceededListSize = 100_000_000 });
GlobalConfiguration.Configuration.UseStorage(storage);

if (args[0] == "worker")
{
    using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 40 }, storage);
    await Task.Delay(Timeout.Infinite);
    return;
}

ThreadPool.SetMinThreads(Threads * 2, Threads * 2);
var jobs = new BackgroundJobClient(storage);
Answer(new { ready = true });
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    var numbers = words.Skip(1).Select(w => double.Parse(w, CultureInfo.InvariantCulture)).ToArray();
    Answer(words[0] switch
    {
        "one" => One((long)numbers[0], numbers[2]),
        "idle" => Idle((long)numbers[0], (int)numbers[1]),
        "steady" => Steady(numbers[0], numbers[1], (long)numbers[2]),
        var other => throw new ArgumentException(other),
    });
}

object One(long count, double limit)
{
    var (clock, started, sent) = (Stopwatch.StartNew(), 0L, 0L);
    var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
    {
        while (clock.Elapsed.TotalSeconds < limit && Interlocked.Increment(ref started) <= count)
        {
            Submit(plain);
            Interlocked.Increment(ref sent);
        }
    })).ToArray();
    foreach (var thread in threads)
        thread.Start();
    foreach (var thread in threads)
        thread.Join();
    return new { count = sent, seconds = clock.Elapsed.TotalSeconds };
}

object Idle(long count, int gap)
{
    var clock = Stopwatch.StartNew();
    for (var i = 0L; i < count; i++)
    {
        Submit(Sampled());
        Thread.Sleep(gap);
    }

    return new { count, seconds = clock.Elapsed.TotalSeconds };
}

object Steady(double rate, double seconds, long every)
{
    var (clock, sent) = (Stopwatch.StartNew(), 0L);
    while (clock.Elapsed.TotalSeconds < seconds)
    {
        Thread.Sleep(5);
        for (var due = (long)(clock.Elapsed.TotalSeconds * rate); sent < due; sent++)
            Submit(sent % every == 0 ? Sampled() : plain);
    }

    return new { count = sent, seconds = clock.Elapsed.TotalSeconds };
}

void Submit(string payload) => jobs.Create(Hangfire.Common.Job.FromExpression(() => Noop.Run(payload)), new Hangfire.States.EnqueuedState());

string Sampled() => $"s{Noop.Nanoseconds()}.".PadRight(size, 'x');

static void Answer(object answer) => Console.WriteLine(JsonSerializer.Serialize(answer));

public static class Noop
{
    private static readonly Lazy<FileStream> Starts = new(() =>
        new FileStream(Environment.GetEnvironmentVariable("BENCH_STARTS")!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));

    public static long Nanoseconds() => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    public static bool Run(string payload)
    {
        if (payload[0] != 's')
            return true;
        var started = Nanoseconds();
        var line = Encoding.ASCII.GetBytes($"{payload[1..payload.IndexOf('.')]} {started}\n");
        lock (Starts)
            Starts.Value.Write(line);
        return true;
    }
}
