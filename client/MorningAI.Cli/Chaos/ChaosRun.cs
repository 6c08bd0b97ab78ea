using System.Globalization;
using MorningAI.Cli.Chaos.Faults;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Load;
using MorningAI.Cli.Chaos.Mixed;
using MorningAI.Cli.Chaos.Soak;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos;

/// <summary>One run from its first process to its report.</summary>
internal sealed class ChaosRun(Terminal terminal, ChaosSettings settings, IFault fault, string redisProgram)
{
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestNormal = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestNormal = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = terminal.Time;
    private readonly long _began = terminal.Time.GetTimestamp();
    private readonly LoadCounts _counts = new();
    private readonly List<string> _trouble = [];

    /// <summary>As long as the fault, for a fair comparison, within reason.</summary>
    private TimeSpan Normal => settings.Duration < ShortestNormal ? ShortestNormal : settings.Duration > LongestNormal ? LongestNormal : settings.Duration;

    /// <exception cref="CliException">The processes of the run did not come up.</exception>
    public async Task<ChaosReport> Run(CancellationToken cancellationToken)
    {
        var folder = new ChaosFolder();
        var keep = true;
        try
        {
            var report = await RunIn(folder, cancellationToken);
            keep = settings.Keep || (!report.Passed && report.Submitted > 0);
            return report with { Evidence = keep ? folder.Path : null };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            keep = settings.Keep;
            throw;
        }
        catch (CliException)
        {
            keep = settings.Keep; // a file that cannot be written: nothing has begun
            throw;
        }
        catch (NotPermittedException e)
        {
            keep = settings.Keep;
            throw new CliException(e.Message, ExitCode.NotPermitted, e);
        }
        catch (StageException e)
        {
            throw new CliException(e.Message, ExitCode.Failed, e);
        }
        finally
        {
            if (keep)
                terminal.Say($"The evidence (ledger, logs, data) is in {folder.Path}");
            else
                folder.Delete();
        }
    }

    private async Task<ChaosReport> RunIn(ChaosFolder folder, CancellationToken cancellationToken)
    {
        using var samples = SampleFile.Open(settings.Samples ?? folder.At(SampleFile.Name));
        using var log = new RunLog(folder.Ledger, _time);
        Func<RunLedger, MixedFindings?> judgeMixed = _ => null;
        await using (var stage = await ChaosStage.Build(redisProgram, folder, log, settings, fault.Needs, _time, Say, cancellationToken))
        {
            await fault.SetUp(stage, cancellationToken);
            Say($"Starting Redis and {settings.Silos} silo{(settings.Silos == 1 ? "" : "s")} of its own…");
            await stage.Start(cancellationToken);
            await using var load = await ChaosLoad.Begin(stage, _counts, settings, cancellationToken);
            stage.Load = load;
            await using var mixed = settings.IsMixed ? await MixedLoad.Begin(stage, _counts, settings, cancellationToken) : null;
            await BeNormal(stage, cancellationToken);
            await using (Sampler.Begin(stage, samples))
            {
                await Break(stage, cancellationToken);
                await Heal(stage, cancellationToken);
                await Recover(stage, load, cancellationToken);
            }

            await Settle(stage, load, mixed, cancellationToken);
            judgeMixed = ledger => mixed?.Judge(ledger, folder.Ledger, settings.Fault, fault.Promises(settings.Silos).RunsOnce);
            stage.Log.Phase(ChaosPhase.Over);
            NoteDeadSilos(stage);
            NoteSurprises();
        }

        var ledger = LedgerReader.Read(folder.Ledger);
        var mixedFindings = judgeMixed(ledger);
        return ChaosReport.Of(settings, fault.Evidence, LedgerJudge.Judge(ledger, fault.Promises(settings.Silos).Slower(settings.Slack)), [.. _trouble, .. mixedFindings?.Failures ?? []]) with
        {
            Mixed = mixedFindings,
            Soak = SoakJudge.Judge(samples.Written, ledger),
        };
    }

    private async Task BeNormal(ChaosStage stage, CancellationToken cancellationToken)
    {
        stage.Log.Phase(ChaosPhase.WarmUp);
        Say(string.Create(CultureInfo.InvariantCulture, $"All are ready. Submitting {settings.Rate} tasks a second; warming up."));
        await Watch(WarmUpTime, cancellationToken);
        stage.Log.Phase(ChaosPhase.Normal);
        Say("Measuring what is normal.");
        await Attempt("prepared", () => fault.Prepare(stage, cancellationToken));
        await Watch(Normal, cancellationToken);
    }

    private async Task Break(ChaosStage stage, CancellationToken cancellationToken)
    {
        Say($"FAULT {fault.Name}: {fault.Summary}.");
        stage.Log.Phase(ChaosPhase.Fault);
        var began = _time.GetTimestamp();
        var injecting = Attempt("done", () => fault.Inject(stage, cancellationToken));
        await Watch(settings.Duration, cancellationToken);
        await injecting;
        if (settings.Duration - _time.GetElapsedTime(began) is { Ticks: > 0 } rest)
            await Watch(rest, cancellationToken);
    }

    private async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        stage.Log.Phase(ChaosPhase.Heal);
        Say("Healing.");
        await Attempt("healed", () => fault.Heal(stage, cancellationToken));
    }

    private async Task Recover(ChaosStage stage, ChaosLoad load, CancellationToken cancellationToken)
    {
        stage.Log.Phase(ChaosPhase.Recovery);
        Say("Healed. Waiting until every silo finishes fresh tasks.");
        var resuming = load.Prober.UntilResumed(cancellationToken);
        while (!resuming.IsCompleted)
            await Watch(Second, cancellationToken);
        Say(await resuming ? "Every silo finishes fresh tasks again." : "Not every silo finishes fresh tasks: no longer waited for.");
        await Watch(RecoveryTime, cancellationToken);
    }

    private async Task Settle(ChaosStage stage, ChaosLoad load, MixedLoad? mixed, CancellationToken cancellationToken)
    {
        stage.Log.Phase(ChaosPhase.Settling);
        Say("Submitting ended. Waiting for the end of every acknowledged task.");
        await load.StopSubmitting();
        if (mixed is not null)
            await mixed.Stop(cancellationToken);
        var finishing = load.WaitUntilFinished(cancellationToken);
        while (!finishing.IsCompleted)
            await Watch(Second, cancellationToken);
        await finishing;
        Say("Asking for every task once more.");
        await load.ReadFinals(cancellationToken);
        if (mixed is not null)
            await mixed.ReadFinals(cancellationToken);
        Say("Judging by the ledger.");
    }

    /// <summary>A fault that goes otherwise than planned is a finding; the run goes on to say what became of the tasks.</summary>
    private async Task Attempt(string what, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is StageException or RedisErrorException or IOException or TimeoutException or System.ComponentModel.Win32Exception)
        {
            _trouble.Add($"The fault could not be {what} as planned: {e.Message}");
            Say(_trouble[^1]);
        }
    }

    private void NoteDeadSilos(ChaosStage stage)
    {
        foreach (var silo in stage.Silos.Where(s => s.EndedByItself))
            _trouble.Add(string.Create(CultureInfo.InvariantCulture, $"Silo {silo.Name} ended by itself with exit code {silo.Process.ExitCode}; its log says why."));
    }

    private void NoteSurprises()
    {
        foreach (var (what, count) in _counts.Surprises)
            _trouble.Add(string.Create(CultureInfo.InvariantCulture, $"The client threw what it does not document, {count} times: {what}"));
    }

    /// <summary>Lets time pass, and says every second what happens.</summary>
    private async Task Watch(TimeSpan length, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (length - _time.GetElapsedTime(began) is { Ticks: > 0 } left)
        {
            // Timers count whole milliseconds: the last part of one would be no wait at all.
            await Task.Delay(left > Second ? Second : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _time, cancellationToken);
            Say(ChaosText.Progress(_counts));
        }
    }

    private void Say(string line) => terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{_time.GetElapsedTime(_began).TotalSeconds,6:0.0} s  {line}"));
}
