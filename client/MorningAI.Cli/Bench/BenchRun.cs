using System.ComponentModel;
using System.Globalization;
using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Bench.Report;
using MorningAI.Cli.Bench.Stage;
using MorningAI.Cli.Bench.Systems;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Bench;

/// <summary>All runs of all systems, in turns, from installing to the report.</summary>
internal sealed class BenchRun(Terminal terminal, BenchSettings settings, string redisProgram)
{
    private const int SmallBacklog = 10_000;
    private const int LargeBacklog = 1_000_000;
    private const int SmallBacklogRounds = 5;
    private const int IdleWarmUp = 50;
    private const int LeastWarmUpRounds = 6;
    private const int WarmUpRounds = 15;

    /// <summary>A compiler that works beside the measure took half of the processor in three runs of six: so many rounds in turn must be no faster than the best before.</summary>
    private const int CalmRounds = 3;

    private const double Faster = 1.05;

    /// <summary>What a slow system does within these is enough to know its rate.</summary>
    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan MeasureLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AddedDelay = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time = terminal.Time;
    private readonly long _began = terminal.Time.GetTimestamp();

    /// <returns>Of the runs before <paramref name="cancellationToken"/>, where there were any.</returns>
    /// <exception cref="CliException">A process of the bench did not do its work.</exception>
    public async Task<BenchReport> Run(CancellationToken cancellationToken)
    {
        var skipped = new Dictionary<string, string>(StringComparer.Ordinal);
        var systems = await Prepare(skipped, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("morningai-bench-").FullName;
        var keep = false;
        try
        {
            var runs = systems.ToDictionary(s => s.Name, _ => new List<RunFigures>(), StringComparer.Ordinal);
            var complete = await MeasureAll(systems, folder, runs, skipped, cancellationToken);
            return BenchReport.Of(settings with { Runs = complete }, await Machine.Read(redisProgram, CancellationToken.None), systems, runs, skipped, _time.GetElapsedTime(_began));
        }
        catch (Exception e) when (IsOfItsProcesses(e))
        {
            keep = Directory.EnumerateFiles(folder, "*.log", SearchOption.AllDirectories).Any(log => new FileInfo(log).Length > 0);
            throw new CliException(keep ? $"{e.Message} The logs are in {folder}" : e.Message, ExitCode.Failed, e);
        }
        finally
        {
            if (!keep)
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>The number of runs that all systems have: all that were asked for, or those before somebody ended the bench.</returns>
    private async Task<int> MeasureAll(IReadOnlyList<BenchSystem> systems, string folder, Dictionary<string, List<RunFigures>> runs, Dictionary<string, string> skipped, CancellationToken cancellationToken)
    {
        var complete = 0;
        try
        {
            while (complete < settings.Runs)
            {
                var run = complete + 1;
                foreach (var system in systems.Where(s => !skipped.ContainsKey(s.Name)))
                    await MeasureOrSkip(system, run, Path.Combine(folder, $"{system.Name}-{run}"), runs[system.Name], skipped, cancellationToken);
                complete = run;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && complete > 0)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"ended early: the report is of the {complete} of {settings.Runs} runs that all systems have"));
            foreach (var figures in runs.Values)
                figures.RemoveRange(Math.Min(complete, figures.Count), Math.Max(0, figures.Count - complete));
        }

        return complete;
    }

    private async Task<IReadOnlyList<BenchSystem>> Prepare(Dictionary<string, string> skipped, CancellationToken cancellationToken)
    {
        var cache = new BenchCache(terminal);
        var systems = new List<BenchSystem>();
        foreach (var system in (settings.Versus ?? [.. KnownSystems.PeerNames]).Select(KnownSystems.Make).Prepend(new MorningAISystem()))
        {
            try
            {
                await system.Prepare(cache, cancellationToken);
                systems.Add(system);
                Say($"{system.Name} {system.Version}: {string.Join("; ", system.Configuration)}");
            }
            catch (CannotBeHadException e)
            {
                skipped[system.Name] = e.Message;
                Say($"{system.Name} is skipped: {e.Message}");
            }
        }

        return systems;
    }

    /// <summary>A peer that fails is left out from then on: the others are worth measuring without it.</summary>
    private async Task MeasureOrSkip(BenchSystem system, int run, string folder, List<RunFigures> runs, Dictionary<string, string> skipped, CancellationToken cancellationToken)
    {
        try
        {
            runs.Add(await MeasureOnce(system, run, folder, cancellationToken));
        }
        catch (Exception e) when (system is not MorningAISystem && IsOfItsProcesses(e))
        {
            skipped[system.Name] = string.Create(CultureInfo.InvariantCulture, $"it failed in run {run}: {e.Message}");
            Say($"{system.Name} is left out: {skipped[system.Name]}");
        }
    }

    private async Task<RunFigures> MeasureOnce(BenchSystem system, int run, string folder, CancellationToken cancellationToken)
    {
        var figures = new RunFigures();
        await OnStage(system, run, folder, TimeSpan.Zero, figures, async (measurer, say) =>
        {
            if (settings.Measures.HasFlag(Measure.Idle))
            {
                say("idle");
                await measurer.Idle(settings.IdleTasks, cancellationToken);
            }

            if (settings.Measures.HasFlag(Measure.Steady))
            {
                say("steady, half of what it can do");
                await measurer.Steady(cancellationToken);
            }

            if (settings.Measures.HasFlag(Measure.BacklogMillion) && system.OutlivesRedis)
            {
                say("from 10 thousand, and from a million");
                await MeasureBacklogs(measurer, figures, cancellationToken);
            }

            if (settings.Measures.HasFlag(Measure.Outage) && system.OutlivesRedis)
            {
                say("with Redis down");
                await measurer.Outage(settings.Number, cancellationToken);
            }
        }, cancellationToken);
        if (settings.Measures.HasFlag(Measure.Slow))
            await MeasureSlow(system, run, folder + "-slow", figures, cancellationToken);
        return figures;
    }

    private async Task MeasureSlow(BenchSystem system, int run, string folder, RunFigures figures, CancellationToken cancellationToken)
    {
        var slow = new RunFigures();
        await OnStage(system, run, folder, AddedDelay, slow, async (measurer, say) =>
        {
            say("idle");
            await measurer.Idle(settings.IdleTasks, cancellationToken);
        }, cancellationToken);
        foreach (var figure in (string[])[Figure.Submit, Figure.SubmitBulk, Figure.Drain, Figure.IdleP50, Figure.IdleP99])
            figures.Set(Figure.Slowed(figure), slow[figure]);
    }

    /// <summary>Starts everything anew, warms up, measures what all have in common, and then the rest.</summary>
    private async Task OnStage(
        BenchSystem system, int run, string folder, TimeSpan delay, RunFigures figures, Func<SystemMeasurer, Action<string>, Task> rest, CancellationToken cancellationToken)
    {
        await using (var stage = await BenchStage.Start(redisProgram, folder, delay, _time, cancellationToken))
        await using (var running = await system.Start(stage, settings.PayloadBytes, cancellationToken))
        {
            figures.Set(Figure.StartSeconds, running.StartTime?.TotalSeconds);
            Tell("warming up");
            await WarmUp(system, running, stage, cancellationToken);
            Tell("submit, bulk, drain");
            var measurer = new SystemMeasurer(system, running, stage, figures, MeasureLimit);
            await measurer.Basics(settings.Number, cancellationToken);
            await rest(measurer, Tell);
        }

        Directory.Delete(folder, recursive: true);

        void Tell(string what) => Say(string.Create(CultureInfo.InvariantCulture, $"run {run} of {settings.Runs}, {system.Name}{(delay > TimeSpan.Zero ? ", 1 ms to Redis" : "")}: {what}"));
    }

    /// <summary>Until it gets no faster: compilers in .NET and Node.js improve for long what they see often, the longer the busier the machine.</summary>
    private async Task WarmUp(BenchSystem system, RunningSystem running, BenchStage stage, CancellationToken cancellationToken)
    {
        var (best, calm) = (0.0, 0);
        for (var round = 1; round <= WarmUpRounds && (round <= LeastWarmUpRounds || calm < CalmRounds); round++)
        {
            var figures = new RunFigures();
            var measurer = new SystemMeasurer(system, running, stage, figures, WarmUpLimit);
            await measurer.Basics(settings.WarmUpTasks, cancellationToken);
            await measurer.Idle(IdleWarmUp, cancellationToken);
            var drain = figures[Figure.Drain] ?? 0;
            calm = drain < best * Faster ? calm + 1 : 0;
            best = Math.Max(best, drain);
        }
    }

    private static bool IsOfItsProcesses(Exception e) => e is StageException or RedisErrorException or IOException or TimeoutException or Win32Exception;

    private static async Task MeasureBacklogs(SystemMeasurer measurer, RunFigures figures, CancellationToken cancellationToken)
    {
        var small = new List<double>();
        for (var round = 0; round < SmallBacklogRounds; round++)
            small.Add(await measurer.Backlog(SmallBacklog, cancellationToken));
        figures.Set(Figure.BacklogSmall, Statistics.Median(small));
        figures.Set(Figure.BacklogMillion, await measurer.Backlog(LargeBacklog, cancellationToken));
    }

    private void Say(string line) => terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{_time.GetElapsedTime(_began).TotalSeconds,6:0.0} s  {line}"));
}
