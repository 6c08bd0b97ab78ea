using System.CommandLine;
using System.CommandLine.Invocation;
using MorningAI.Cli.Display;

namespace MorningAI.Cli;

/// <summary>The commands and the terminal that they speak to.</summary>
internal sealed record CommandSet(Terminal Terminal, RootCommand Root);

/// <summary>One call of the command line, from its arguments to its <see cref="ExitCode"/>.</summary>
internal static class CommandRun
{
    /// <remarks>An argument that starts with '@' names a file to the command, never a response file.</remarks>
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> Run(CommandSet commands, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var terminal = commands.Terminal;
        try
        {
            var parsed = commands.Root.Parse(arguments, Parsing);
            return parsed.Action is ParseErrorAction errors
                ? ShowParseErrors(errors, parsed, terminal)
                : await parsed.InvokeAsync(Invocation(terminal.Out, terminal), cancellationToken);
        }
        catch (CliException e)
        {
            terminal.Say($"morningai: {e.Message}");
            ShowDetails(e, terminal);
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            terminal.Say($"morningai: unexpected error: {Plain.Line(e.Message)} ({e.GetType().Name}; MORNINGAI_DEBUG=1 shows the details)");
            ShowDetails(e, terminal);
            return ExitCode.Failed;
        }
    }

    private static int ShowParseErrors(ParseErrorAction errors, ParseResult parsed, Terminal terminal)
    {
        errors.ShowHelp = parsed.CommandResult.Command.Subcommands.Count > 0;
        parsed.Invoke(Invocation(terminal.Error, terminal));
        return ExitCode.BadInput;
    }

    /// <summary>Signals and exceptions are this program's own to handle: the library's handlers stay off.</summary>
    private static InvocationConfiguration Invocation(TextWriter output, Terminal terminal) => new()
    {
        Output = output,
        Error = terminal.Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    private static void ShowDetails(Exception exception, Terminal terminal)
    {
        if (terminal.Setting("MORNINGAI_DEBUG") is "1")
            terminal.Say(exception.ToString());
    }
}
