using System.Globalization;
using MorningAI.Silo.Chaos;

namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>Reads a run's files back.</summary>
internal static class LedgerReader
{
    public static RunLedger Read(string folder)
    {
        var ledger = new RunLedger();
        ReadRun(ledger, WholeLines(File.ReadAllText(Path.Combine(folder, RunLog.FileName))));
        foreach (var file in Directory.EnumerateFiles(folder, ExecutionLedger.FilePrefix + "*"))
            ReadExecutions(ledger, ProcessOf(file), WholeLines(File.ReadAllText(file)));
        foreach (var file in Directory.EnumerateFiles(folder, ReminderLedger.FilePrefix + "*"))
            ReadReminders(ledger, WholeLines(File.ReadAllText(file)));
        return ledger;
    }

    public static int ProcessOf(string executionsFile) =>
        int.Parse(Path.GetFileNameWithoutExtension(executionsFile).AsSpan(ExecutionLedger.FilePrefix.Length), CultureInfo.InvariantCulture);

    /// <summary>A last line without its end was being written when its process died: it was never said.</summary>
    public static IEnumerable<string> WholeLines(string text) => text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static void ReadRun(RunLedger ledger, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var words = line.Split(' ');
            var at = Time(words[0]);
            switch (words[1])
            {
                case RunLog.PhaseBegan:
                    ledger.Phases[Enum.Parse<ChaosPhase>(words[2])] = at;
                    break;
                case RunLog.SiloStart:
                    ledger.Silos[words[2]] = Number(words[3]);
                    ledger.Started[Number(words[3])] = at;
                    ledger.SiloOf[Number(words[3])] = words[2];
                    break;
                case RunLog.SiloReadiness:
                    ledger.Ready.TryAdd(Number(words[3]), at);
                    break;
                case RunLog.SiloKill or RunLog.SiloPause:
                    ledger.Deaths.Add(new SiloDeath(words[2], Number(words[3]), at));
                    break;
                case RunLog.SiloStop:
                    break;
                case RunLog.SiloEnd:
                    ledger.Restarts++;
                    break;
                case RunLog.SiloLeave:
                    ledger.Silos.Remove(words[2]);
                    ledger.LooksOf(words[2]).Add(new Look(at, null));
                    break;
                case RunLog.SiloCut:
                    ledger.Cuts.Add((at, null));
                    break;
                case RunLog.NetworkMend:
                    if (ledger.Cuts is [.., (var cut, null)])
                        ledger.Cuts[^1] = (cut, at);
                    break;
                case RunLog.RedisLoss:
                    ledger.Outages.Add((at, null));
                    break;
                case RunLog.RedisReturn:
                    if (ledger.Outages is [.., (var from, null)])
                        ledger.Outages[^1] = (from, at);
                    break;
                case RunLog.FaultBegin:
                    ledger.Faults.Add((at, null));
                    break;
                case RunLog.FaultEnd:
                    if (ledger.Faults is [.., (var began, null)])
                        ledger.Faults[^1] = (began, at);
                    break;
                case RunLog.Members:
                    ledger.LooksOf(words[2]).Add(new Look(at, View(words)));
                    break;
                case RunLog.Submit:
                    (ledger.Of(words[2]).SubmittedAt, ledger.Of(words[2]).Via) = (at, words[3] == RunLog.None ? null : words[3]);
                    break;
                case RunLog.Acknowledge:
                    Answer(ledger.Of(words[2]), SubmitAnswer.Acknowledged, at).Durability = words[3];
                    break;
                case RunLog.Refuse:
                    Answer(ledger.Of(words[2]), SubmitAnswer.Refused, at);
                    break;
                case RunLog.Doubt:
                    Answer(ledger.Of(words[2]), SubmitAnswer.Uncertain, at);
                    break;
                case RunLog.See:
                    ledger.Of(words[2]).FirstSeen ??= new Sighting(at, Ending(words));
                    break;
                case RunLog.End:
                    ledger.Of(words[2]).Final = Ending(words);
                    break;
                default:
                    throw new FormatException($"'{line}' is no line of a run's ledger.");
            }
        }
    }

    public static void ReadExecutions(RunLedger ledger, int process, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var words = line.Split(' ');
            var at = Time(words[0]);
            var task = ledger.Of(words[2]);
            switch (words[1])
            {
                case ExecutionLedger.Started:
                    task.Executions.Add(new Execution(words[4], Number(words[3]), process, at, null));
                    break;
                case ExecutionLedger.Ended:
                    var index = task.Executions.FindIndex(e => e.Id == words[4]);
                    task.Executions[index] = task.Executions[index] with { EndedAt = at };
                    break;
                case ExecutionLedger.StepBegan or ExecutionLedger.StepKept:
                    task.Steps.Add(new StepNote(Number(words[5]), words[1] == ExecutionLedger.StepKept, at));
                    break;
                default:
                    throw new FormatException($"'{line}' is no line of an execution ledger.");
            }
        }
    }

    public static void ReadReminders(RunLedger ledger, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var words = line.Split(' ');
            var reminder = ledger.ReminderOf(words[2]);
            switch (words[1])
            {
                case ReminderLedger.Registered:
                    (reminder.FirstDue, reminder.Period) = (Time(words[3]), TimeSpan.FromMilliseconds(Number(words[4])));
                    break;
                case ReminderLedger.Ticked:
                    reminder.Ticks.Add(Number(words[3]));
                    break;
                default:
                    throw new FormatException($"'{line}' is no line of a reminder ledger.");
            }
        }
    }

    private static MembersView? View(string[] words) => words[3] == RunLog.None
        ? null
        : new MembersView(words[3], words[4].Split(',').Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]));

    private static TaskStory Answer(TaskStory task, SubmitAnswer answer, DateTimeOffset at)
    {
        (task.Answer, task.AnsweredAt) = (answer, at);
        return task;
    }

    private static TaskEnding Ending(string[] words) => new(
        words[3],
        Number(words[4]),
        words[5] == RunLog.None ? null : words[5],
        words[6] == RunLog.None ? null : Time(words[6]));

    private static DateTimeOffset Time(string micros) =>
        DateTimeOffset.UnixEpoch.AddTicks(long.Parse(micros, CultureInfo.InvariantCulture) * TimeSpan.TicksPerMicrosecond);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
