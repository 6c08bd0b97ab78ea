using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;
using MorningAI.Silo.Store;
using MorningAI.Storage.Journaling;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai journal</c>: what is on this machine's disk, read from the file. Needs no silo, and disturbs none.</summary>
internal static class JournalCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = SiloChoice.DataOption();
        data.Recursive = true;
        var json = Shared.Json("Print one JSON object.");
        var command = new Command("journal", "Shows a silo's journal on this machine: what waits for the store, and what it takes on disk.")
        {
            data, json, Quarantine(terminal, data),
        };
        command.SetAction(parsed =>
        {
            var report = Read(() => JournalInspector.Inspect(FileOf(parsed, data, terminal), terminal.Time));
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(JournalView.Of(report)) : JournalText.Describe(report));
        });
        return command;
    }

    private static Command Quarantine(Terminal terminal, Option<string?> data)
    {
        var json = Shared.Json("Print one JSON object a line, with the bytes in base64.");
        var command = new Command("quarantine", "Lists the records that could not be read, oldest first. Nothing is deleted: see the runbook for what to do with them.") { json };
        command.SetAction(parsed =>
        {
            var entries = Read(() => JournalInspector.Quarantine(FileOf(parsed, data, terminal)));
            foreach (var entry in entries)
                terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(QuarantineView.Of(entry)) : JournalText.Describe(entry));
            if (entries.Count == 0 && !parsed.GetValue(json))
                terminal.Say("Nothing is quarantined.");
        });
        return command;
    }

    private static string FileOf(ParseResult parsed, Option<string?> data, Terminal terminal) =>
        Path.Combine(parsed.GetValue(data) ?? terminal.Setting("MORNINGAI_DATA") ?? "data", DataDirectory.JournalName);

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JournalException e)
        {
            throw new CliException(e.Message, ExitCode.Failed, e);
        }
    }
}
