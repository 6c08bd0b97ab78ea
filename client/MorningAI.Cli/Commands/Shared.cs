using System.CommandLine;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands;

/// <summary>What more than one command has.</summary>
internal static class Shared
{
    public static Option<bool> Json(string what) => new("--json") { Description = what };

    public static Argument<TaskId> TaskId() => new("ID")
    {
        Description = "The task's id, as submit printed it.",
        CustomParser = ArgumentText.As(MorningAI.Tasks.TaskId.Parse),
    };

    public static void Print<T>(Answer<T> answer, bool json, Terminal terminal, Func<T, IEnumerable<string>> lines)
    {
        foreach (var line in json ? [SiloJson.Line(answer.Json)] : lines(answer.Value))
            terminal.Out.WriteLine(line);
    }

    /// <summary>Asks a person. Where there is none, nobody has said yes.</summary>
    /// <exception cref="CliException">Nobody can be asked.</exception>
    public static async Task<bool> Confirm(Terminal terminal, string question, CancellationToken cancellationToken)
    {
        if (!terminal.InIsInteractive)
            throw new CliException($"{question} Say --yes where there is nobody to ask.", ExitCode.BadInput);
        terminal.Say($"{question} Type yes:");
        using var reader = new StreamReader(terminal.In, leaveOpen: true);
        // A console's read does not hear its token.
        var answer = await reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        if (string.Equals(answer?.Trim(), "yes", StringComparison.OrdinalIgnoreCase))
            return true;
        terminal.Say("Nothing was done.");
        return false;
    }
}
