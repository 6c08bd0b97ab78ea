using System.Globalization;
using MorningAI.Silo.Chaos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>What the run itself saw and did, in <c>run.log</c> beside the handlers' files. <see cref="LedgerReader"/> reads it back.</summary>
internal sealed class RunLog(string folder, TimeProvider time) : IDisposable
{
    public const string FileName = "run.log";
    public const string PhaseBegan = "phase";
    public const string SiloStart = "silo-started";
    public const string SiloReadiness = "silo-ready";
    public const string SiloKill = "silo-killed";
    public const string SiloPause = "silo-paused";
    public const string SiloStop = "silo-stopped";
    public const string SiloEnd = "silo-ended";
    public const string SiloLeave = "silo-left";
    public const string SiloCut = "silo-cut-off";
    public const string NetworkMend = "network-mended";
    public const string RedisLoss = "redis-down";
    public const string RedisReturn = "redis-up";
    public const string FaultBegin = "fault-began";
    public const string FaultEnd = "fault-ended";
    public const string Members = "members";
    public const string Submit = "submitted";
    public const string Acknowledge = "acknowledged";
    public const string Refuse = "refused";
    public const string Doubt = "uncertain";
    public const string See = "seen";
    public const string End = "final";
    public const string None = "-";

    /// <summary>The state of an id that is known not to exist.</summary>
    public const string Missing = "missing";

    /// <summary>The state of a task that could not be read in the end.</summary>
    public const string Unreadable = "unreadable";

    private readonly LedgerFile _file = new(Path.Combine(folder, FileName), time);

    public DateTimeOffset Phase(ChaosPhase phase) => _file.Append(PhaseBegan, phase.ToString());

    public void SiloStarted(string name, int process) => _file.Append(SiloStart, name, Text(process));

    /// <summary>It may be sent work.</summary>
    public void SiloReady(string name, int process) => _file.Append(SiloReadiness, name, Text(process));

    /// <summary>By SIGKILL.</summary>
    public void SiloKilled(string name, int process) => _file.Append(SiloKill, name, Text(process));

    /// <summary>By SIGSTOP: to the others it is as good as dead.</summary>
    public void SiloPaused(string name, int process) => _file.Append(SiloPause, name, Text(process));

    /// <summary>By SIGTERM.</summary>
    public void SiloStopped(string name, int process) => _file.Append(SiloStop, name, Text(process));

    /// <summary>By itself.</summary>
    public void SiloEnded(string name, int process, int exitCode) => _file.Append(SiloEnd, name, Text(process), Text(exitCode));

    /// <summary>It is not to come back.</summary>
    public void SiloLeft(string name) => _file.Append(SiloLeave, name);

    /// <summary>From the other silos.</summary>
    public void SiloCutOff(string name) => _file.Append(SiloCut, name);

    /// <summary>Whatever was cut off is not any more.</summary>
    public void NetworkMended() => _file.Append(NetworkMend);

    public void RedisDown() => _file.Append(RedisLoss);

    /// <summary>It answers.</summary>
    public void RedisUp() => _file.Append(RedisReturn);

    /// <summary>One of several of a run.</summary>
    public void FaultBegan(string name) => _file.Append(FaultBegin, name);

    /// <summary>It is healed, and every silo ready.</summary>
    public void FaultEnded(string name) => _file.Append(FaultEnd, name);

    /// <summary>The cluster as one silo sees it.</summary>
    /// <param name="view">Null where it does not answer.</param>
    public void Saw(string silo, MembersView? view) => _file.Append(
        Members,
        silo,
        view?.Address ?? None,
        view is null ? None : string.Join(',', view.Silos.Select(s => $"{s.Key}={s.Value}")));

    /// <summary>Through the client library.</summary>
    public void Submitted(string task) => _file.Append(Submit, task, None);

    /// <summary>Through a silo's HTTP API, where a task has its name only with the answer.</summary>
    public void SubmittedAt(DateTimeOffset at, string task, string silo) => _file.AppendOf(at, Submit, task, silo);

    /// <param name="durability">redis or journal.</param>
    public void Acknowledged(string task, string durability) => _file.Append(Acknowledge, task, durability);

    /// <summary>An error answer: the task does not exist and never will.</summary>
    public void Refused(string task) => _file.Append(Refuse, task);

    /// <summary>No answer: it may exist.</summary>
    public void Uncertain(string task) => _file.Append(Doubt, task);

    /// <summary>The system said, during the run, that the task has ended.</summary>
    public void Seen(string task, TaskEnding ending) => Write(See, task, ending);

    /// <summary>What the system says of the task when all is over.</summary>
    public void Final(string task, TaskEnding ending) => Write(End, task, ending);

    public void Dispose() => _file.Dispose();

    private void Write(string happening, string task, TaskEnding ending) => _file.Append(
        happening,
        task,
        ending.State,
        Text(ending.Attempt),
        ending.Execution ?? None,
        ending.FinishedAt is { } at ? LedgerFile.Micros(at) : None);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the system said of a task.</summary>
/// <param name="State">A task state's wire name, <see cref="RunLog.Missing"/> or <see cref="RunLog.Unreadable"/>.</param>
/// <param name="Attempt">Attempts begun.</param>
/// <param name="Execution">Whose result is stored; null where none is.</param>
/// <param name="FinishedAt">By the system's own word.</param>
internal sealed record TaskEnding(string State, int Attempt, string? Execution, DateTimeOffset? FinishedAt)
{
    private static readonly string SucceededName = TaskState.Succeeded.WireName();
    private static readonly string[] UnfinishedNames = [.. Enum.GetValues<TaskState>().Where(static s => !s.IsTerminal()).Select(static s => s.WireName())];

    public bool Succeeded => State == SucceededName;

    /// <summary>It is there, and has not ended.</summary>
    public bool IsWaiting => UnfinishedNames.Contains(State);
}
