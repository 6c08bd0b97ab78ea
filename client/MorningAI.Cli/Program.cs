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
    private static async Task<int> Main(string[] arguments)
    {
        using var interrupts = new Interrupts();
        return await CommandRun.Run(Commands(Terminal.OfProcess()), arguments, interrupts.Token);
    }

    internal static CommandSet Commands(Terminal terminal) => new(terminal, new RootCommand(RootHelp.Text)
    {
        SiloCommand.Create(terminal),
        FaqCommand.Create(terminal),
        SubmitCommand.Create(terminal),
        TaskCommand.Create(terminal),
        DeadLetterCommand.Create(terminal),
        QueueCommand.Create(terminal),
        ScheduleCommand.Create(terminal),
        InfoCommand.Create(terminal),
        AlertsCommand.Create(terminal),
        JournalCommand.Create(terminal),
        RedisCommand.Create(terminal),
        LatencyCommand.Create(terminal),
        ChaosCommand.Create(terminal),
        BenchCommand.Create(terminal),
        BenchClientCommand.Create(terminal),
    });
}
