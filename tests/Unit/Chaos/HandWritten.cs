using System.Globalization;
using MorningAI.Cli.Chaos.Ledger;

namespace MorningAI.Tests.Unit.Chaos;

/// <summary>A ledger written by hand, in the lines of its files; times are seconds since the run began.</summary>
internal sealed class HandWritten
{
    /// <summary>The fault lasts from second 10 to 20; the run's normal is measured from 5 to 10.</summary>
    public const double Before = 6, During = 12, Healed = 20, After = 20.2;

    private readonly List<string> _run = [];
    private readonly List<string> _reminders = [];
    private readonly Dictionary<int, List<string>> _executions = [];

    public HandWritten(params (string Silo, int Process)[] silos)
    {
        foreach (var (silo, process) in silos)
            Run(0, $"silo-started {silo} {process}");
        foreach (var (silo, _) in silos)
            Sees(silo, 1, [.. silos.Select(s => s.Silo)]);
        Registered("witness", 0.5);
        for (var due = 0; due < 6; due++)
            Ticked("witness", due);
        foreach (var (phase, at) in new[] { (ChaosPhase.WarmUp, 0), (ChaosPhase.Normal, 5), (ChaosPhase.Fault, 10), (ChaosPhase.Heal, 20), (ChaosPhase.Recovery, 20), (ChaosPhase.Settling, 25), (ChaosPhase.Over, 30) })
            Run(at, $"phase {phase}");
    }

    /// <summary>One silo that a task came through and was done by before, during and after the fault: nothing to complain of.</summary>
    public static HandWritten OfAGoodRun()
    {
        var ledger = new HandWritten(("silo-1", 100));
        for (var i = 0; i < 5; i++)
            ledger.GoodTask($"before-{i}", Before + (i * 0.1));
        for (var i = 0; i < 10; i++)
            ledger.GoodTask($"during-{i}", During + (i * 0.1));
        return ledger.GoodTask("after", After, via: "silo-1");
    }

    public HandWritten GoodTask(string task, double at, string via = "-", int process = 100) => this
        .Submitted(task, at, via).Acknowledged(task, at + 0.01)
        .Executed(task, at + 0.02, at + 0.05, "a-" + task, process: process).Finally(task, "a-" + task, at + 0.06);

    public HandWritten Submitted(string task, double at, string via = "-") => Run(at, $"submitted {task} {via}");

    public HandWritten Acknowledged(string task, double at) => Run(at, $"acknowledged {task} redis");

    public HandWritten Refused(string task, double at) => Run(at, $"refused {task}");

    public HandWritten Happened(double at, string line) => Run(at, line);

    /// <summary>At an address that is named as the silo; the others are those that it shows as active.</summary>
    public HandWritten Sees(string silo, double at, params string[] active) =>
        Run(at, $"members {silo} at-{silo} {string.Join(',', active.Select(other => $"at-{other}=active").Append("at-elder=dead"))}");

    public HandWritten SaysNothing(string silo, double at) => Run(at, $"members {silo} - -");

    /// <summary>Due every five seconds.</summary>
    public HandWritten Registered(string witness, double firstDue) => Reminder($"{Micros(firstDue)} registered {witness} {Micros(firstDue)} 5000");

    public HandWritten Ticked(string witness, int number) => Reminder($"0 ticked {witness} {number} 0");

    public HandWritten WithoutReminders()
    {
        _reminders.Clear();
        return this;
    }

    public HandWritten Seen(string task, string execution, double at, int attempt = 1) => Run(at, $"seen {task} succeeded {attempt} {execution} {Micros(at)}");

    public HandWritten Finally(string task, string execution, double at, int attempt = 1) => Run(30, $"final {task} succeeded {attempt} {execution} {Micros(at)}");

    public HandWritten FinallyInState(string task, string state) => Run(30, $"final {task} {state} 0 - -");

    /// <param name="to">Null where it was cut off.</param>
    public HandWritten Executed(string task, double from, double? to, string execution, int attempt = 1, int process = 100)
    {
        Execution(process, from, $"started {task} {attempt} {execution}");
        return to is { } end ? Execution(process, end, $"ended {task} {attempt} {execution}") : this;
    }

    public HandWritten Step(string happening, string task, double at, string execution, int attempt = 1, int process = 100) =>
        Execution(process, at, $"{happening} {task} {attempt} {execution} 1");

    public RunLedger Read()
    {
        var ledger = new RunLedger();
        LedgerReader.ReadRun(ledger, _run);
        foreach (var (process, lines) in _executions)
            LedgerReader.ReadExecutions(ledger, process, lines);
        LedgerReader.ReadReminders(ledger, _reminders);
        return ledger;
    }

    private HandWritten Run(double at, string line)
    {
        _run.Add($"{Micros(at)} {line}");
        return this;
    }

    private HandWritten Reminder(string line)
    {
        _reminders.Add(line);
        return this;
    }

    private HandWritten Execution(int process, double at, string line)
    {
        if (!_executions.TryGetValue(process, out var lines))
            _executions[process] = lines = [];
        lines.Add($"{Micros(at)} {line}");
        return this;
    }

    private static string Micros(double seconds) => ((long)(seconds * 1_000_000)).ToString(CultureInfo.InvariantCulture);
}
