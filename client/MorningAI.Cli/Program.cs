using System.CommandLine;
using MorningAI.Cli.Bench;
using MorningAI.Cli.Bench.Load;
using MorningAI.Cli.Chaos;
using MorningAI.Cli.Commands;
using MorningAI.Cli.Commands.DeadLetters;
using MorningAI.Cli.Commands.Queues;
using MorningAI.Cli.Commands.Schedules;

namespace MorningAI.Cli;

internal static class Program
{
    internal static readonly OrderedDictionary<string, Func<Terminal, Command>> Known = new(StringComparer.Ordinal)
    {
        ["silo"] = SiloCommand.Create,
        ["faq"] = FaqCommand.Create,
        ["submit"] = SubmitCommand.Create,
        ["task"] = TaskCommand.Create,
        ["deadletter"] = DeadLetterCommand.Create,
        ["queue"] = QueueCommand.Create,
        ["schedule"] = ScheduleCommand.Create,
        ["info"] = InfoCommand.Create,
        ["alerts"] = AlertsCommand.Create,
        ["journal"] = JournalCommand.Create,
        ["redis"] = RedisCommand.Create,
        ["latency"] = LatencyCommand.Create,
        ["chaos"] = ChaosCommand.Create,
        ["bench"] = BenchCommand.Create,
        ["bench-client"] = BenchClientCommand.Create,
    };

    private static async Task<int> Main(string[] arguments)
    {
        using var interrupts = new Interrupts();
        return await CommandRun.Run(Commands(Terminal.OfProcess(), arguments), arguments, interrupts.Token);
    }

    /// <summary>The one that the first argument names; all of them where it names none. To make them all is a twentieth of a silo's start.</summary>
    internal static CommandSet Commands(Terminal terminal, IReadOnlyList<string> arguments)
    {
        IEnumerable<Func<Terminal, Command>> wanted = arguments.Count > 0 && Known.TryGetValue(arguments[0], out var named) ? [named] : Known.Values;
        var root = new RootCommand(RootHelp.Text);
        foreach (var create in wanted)
            root.Add(create(terminal));
        return new CommandSet(terminal, root);
    }
}
