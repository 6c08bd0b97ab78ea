using System.Globalization;
using System.Text.Json;
using MorningAI.Cli.Bench.Stage;
using MorningAI.Cli.Bench.Systems;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Bench.Measures;

/// <summary>The measures of one running system; each leaves it with nothing to do.</summary>
/// <param name="limit">Of one submit or drain: what was done until then gives the rate of a slow system.</param>
internal sealed class SystemMeasurer(BenchSystem system, RunningSystem running, BenchStage stage, RunFigures figures, TimeSpan limit)
{
    private const int Window = 256;

    private const int SettlingTasks = 5;

    /// <summary>Of fewer tasks the silo's memory tells nothing: what else it holds changes by some 100 KB.</summary>
    private const int EnoughWaiting = 10_000;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DonePoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan IdleGap = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SteadyLength = TimeSpan.FromSeconds(5);
    private const double SteadyLoad = 0.5;
    private const int SteadySamples = 2000;

    /// <summary>The store's patience is 0.7 s: after this the outage is known.</summary>
    private static readonly TimeSpan OutageNotice = TimeSpan.FromSeconds(2);

    /// <summary>Submits while nothing runs, then lets all of it run. Tells rates, processor time, what Redis did and memory.</summary>
    /// <param name="each">How many tasks one by one, and again in bulk.</param>
    public async Task Basics(long each, CancellationToken cancellationToken)
    {
        var doneBefore = await running.Done(cancellationToken);
        var extra = await running.Hold(cancellationToken);
        var start = await Use(cancellationToken);
        var workerBytes = await running.WorkerBytes(cancellationToken);

        var use = await Use(cancellationToken);
        var one = await Ask($"one {each} {Window} {limit.TotalSeconds}", cancellationToken);
        var submitting = (await Use(cancellationToken)).Since(use);
        figures.Set(Figure.Submit, one.Rate);

        var waiting = one.Count;
        if (system.Page is { } page)
        {
            var bulk = await Ask($"bulk {each} {page} {limit.TotalSeconds}", cancellationToken);
            figures.Set(Figure.SubmitBulk, bulk.Rate);
            waiting += bulk.Count;
        }

        var filled = await Use(cancellationToken);
        figures.Set(Figure.RedisBytesWaiting, (filled.Redis.Memory - start.Redis.Memory) / (double)waiting);
        if (waiting >= EnoughWaiting)
            figures.Set(Figure.WorkerBytesWaiting, (await running.WorkerBytes(cancellationToken) - workerBytes) / (double)waiting);

        use = await Use(cancellationToken);
        await running.Release(cancellationToken);
        if (use.WorkerProcess != running.WorkerProcess)
            use = use with { WorkerProcess = running.WorkerProcess, Worker = TimeSpan.Zero };
        var drain = await Drain(doneBefore, waiting + extra, cancellationToken);
        figures.Set(Figure.Drain, drain.Rate);
        SetCosts(submitting, one.Count, drain.End.Since(use), drain);
    }

    /// <summary>
    /// One task at a time, in a system that has nothing else to do. As many come first that do not count: after the measures
    /// before it, systems whose code is compiled as it runs go on compiling for some seconds, on one of two processors.
    /// </summary>
    public async Task Idle(int count, CancellationToken cancellationToken)
    {
        await StartOneByOne(count, cancellationToken);
        var micros = await StartOneByOne(count, cancellationToken);
        figures.Set(Figure.IdleP50, Statistics.Percentile(micros, 0.5) / 1000);
        figures.Set(Figure.IdleP99, Statistics.Percentile(micros, 0.99) / 1000);
    }

    private async Task<IReadOnlyList<double>> StartOneByOne(int count, CancellationToken cancellationToken)
    {
        await Ask(string.Create(CultureInfo.InvariantCulture, $"idle {count} {IdleGap.TotalMilliseconds}"), cancellationToken);
        return await stage.Starts.Take(count, cancellationToken);
    }

    /// <summary>At half of the rate at which it can both submit and run, by its own figures from <see cref="Basics"/>.</summary>
    public async Task Steady(CancellationToken cancellationToken)
    {
        if (figures[Figure.Submit] is not { } submit || figures[Figure.Drain] is not { } drain)
            return;
        var rate = SteadyLoad / (1 / submit + 1 / drain);
        var every = Math.Max(1, (int)(rate * SteadyLength.TotalSeconds / SteadySamples));
        var doneBefore = await running.Done(cancellationToken);
        var answer = await Answer(string.Create(CultureInfo.InvariantCulture, $"steady {rate:0.###} {SteadyLength.TotalSeconds} {every}"), cancellationToken);
        var told = Counted.Of(answer);
        figures.Set(Figure.SteadyRate, told.Rate);
        figures.SetLatencies(Figure.SteadyStart, await stage.Starts.Take((int)((told.Count + every - 1) / every), cancellationToken));
        if (system.TellsDone)
            figures.SetLatencies(Figure.SteadyDone, [.. answer.GetProperty("doneMicros").EnumerateArray().Select(e => e.GetDouble())]);
        await Drain(doneBefore, told.Count, cancellationToken);
    }

    /// <summary>The same work from submit to end with Redis and, in the end, without: it stays dead.</summary>
    public async Task Outage(long count, CancellationToken cancellationToken)
    {
        var wish = $"through {count} {system.Page}";
        await Ask(wish, cancellationToken); // both at once is new to it
        figures.Set(Figure.RedisUp, (await Ask(wish, cancellationToken)).Rate);
        await stage.Redis.Kill();
        await Task.Delay(OutageNotice, stage.Time, cancellationToken);
        figures.Set(Figure.RedisDown, (await Ask(wish, cancellationToken)).Rate);
    }

    /// <summary>How fast a backlog of this size is drained.</summary>
    public async Task<double> Backlog(long count, CancellationToken cancellationToken)
    {
        var doneBefore = await running.Done(cancellationToken);
        var extra = await running.Hold(cancellationToken);
        await Ask($"bulk {count} {system.Page} {AnswerLimit.TotalSeconds}", cancellationToken);
        await running.Release(cancellationToken);
        return (await Drain(doneBefore, count + extra, cancellationToken)).Rate;
    }

    /// <summary>The rate is from the first end on: how long a worker needs to begin is no part of it.</summary>
    private async Task<Drained> Drain(long doneBefore, long expected, CancellationToken cancellationToken)
    {
        var began = stage.Time.GetTimestamp();
        (long Done, TimeSpan At) first = (0, TimeSpan.Zero);
        for (var polls = 1; ; polls++)
        {
            var done = await running.Done(cancellationToken) - doneBefore;
            var now = stage.Time.GetElapsedTime(began);
            if (first.Done == 0 && done > 0 && done < expected)
                first = (done, now);
            if (done >= expected || (now > limit && !system.OutlivesRedis))
            {
                var drained = new Drained(done, new Counted(done - first.Done, (now - first.At).TotalSeconds).Rate, polls, await Use(cancellationToken));
                if (done < expected)
                    await ThrowAwayTheRest(cancellationToken);
                return drained;
            }

            if (now > DrainLimit)
                throw new StageException($"{system.Name} had ended {done} of {expected} tasks after {now.TotalMinutes:0} minutes.");
            await Task.Delay(DonePoll, stage.Time, cancellationToken);
        }
    }

    /// <summary>Of a system that is too slow for all of it.</summary>
    private async Task ThrowAwayTheRest(CancellationToken cancellationToken)
    {
        await running.Hold(cancellationToken);
        await running.Clear(cancellationToken);
        await running.Release(cancellationToken);
        // Its worker is starting again: the next measure is not to see that.
        await Ask($"idle {SettlingTasks} 1", cancellationToken);
        await stage.Starts.Take(SettlingTasks, cancellationToken);
    }

    /// <summary>Of a task that is submitted one by one and run from a backlog.</summary>
    private void SetCosts(SystemUse submitting, long submitted, SystemUse draining, Drained drained)
    {
        figures.Set(Figure.CpuWorker, PerTask(u => u.Worker.TotalMicroseconds));
        figures.Set(Figure.CpuClient, PerTask(u => u.Client.TotalMicroseconds));
        figures.Set(Figure.CpuRedis, PerTask(u => u.RedisTime.TotalMicroseconds));
        figures.Set(Figure.RedisCommands, PerTask(u => u.Redis.Commands) - drained.Polls / (double)drained.Count);
        figures.Set(Figure.RedisReads, PerTask(u => u.Redis.Reads) - drained.Polls / (double)drained.Count);
        figures.Set(Figure.RedisBytes, PerTask(u => u.Redis.Bytes));

        double PerTask(Func<SystemUse, double> of) => of(submitting) / submitted + of(draining) / drained.Count;
    }

    private async Task<Counted> Ask(string wish, CancellationToken cancellationToken) =>
        Counted.Of(await Answer(wish, cancellationToken));

    private async Task<JsonElement> Answer(string wish, CancellationToken cancellationToken)
    {
        var answer = await running.Client.Ask(wish, AnswerLimit, cancellationToken);
        running.Submitted += Counted.Of(answer).Count;
        return answer;
    }

    private async Task<SystemUse> Use(CancellationToken cancellationToken) => new(
        running.WorkerProcess,
        running.WorkerProcess == 0 ? TimeSpan.Zero : ProcessTree.ProcessorTime(running.WorkerProcess),
        ProcessTree.ProcessorTime(running.Client.Id),
        ProcessTree.ProcessorTime(stage.Redis.ProcessId),
        await RedisUse.Read(stage.Redis, cancellationToken));
}
