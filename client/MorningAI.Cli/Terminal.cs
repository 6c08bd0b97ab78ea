using System.Text;
using MorningAI.Cli.Silos;
using Spectre.Console;

namespace MorningAI.Cli;

/// <summary>What a command sees of the world. Results go to <see cref="Out"/>, everything about them to <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    /// <summary>Wide enough that no cell of a table wraps where the output is read by programs.</summary>
    private const int PipeWidth = 240;

    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }
    public required Stream In { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public required Func<string, string?> Variable { get; init; }

    public bool OutIsInteractive { get; init; }
    public bool ErrorIsInteractive { get; init; }
    public bool InIsInteractive { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public ISiloStarter Silos { get; init; } = new ProcessSilo();

    /// <summary>Where a silo is looked for that nothing names. Default: <c>http://127.0.0.1:8080</c>.</summary>
    public Uri DefaultSilo { get; init; } = new("http://127.0.0.1:8080");

    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Console.OutputEncoding = utf8;
        var dumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new Terminal
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.OpenStandardInput(),
            Variable = Environment.GetEnvironmentVariable,
            OutIsInteractive = !Console.IsOutputRedirected && !dumb,
            ErrorIsInteractive = !Console.IsErrorRedirected && !dumb,
            InIsInteractive = !Console.IsInputRedirected,
            Silos = new ProcessSilo(debug: Environment.GetEnvironmentVariable("MORNINGAI_DEBUG") is "1"),
        };
    }

    /// <summary>The value of an environment variable; null where it is not set or empty.</summary>
    public string? Setting(string name) => Variable(name) is { Length: > 0 } value ? value : null;

    public void Say(string line) => Error.WriteLine(line);

    public IAnsiConsole OutConsole() => ConsoleOn(Out, OutIsInteractive);

    public IAnsiConsole ErrorConsole() => ConsoleOn(Error, ErrorIsInteractive);

    private IAnsiConsole ConsoleOn(TextWriter writer, bool interactive)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = interactive ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = interactive ? InteractionSupport.Yes : InteractionSupport.No,
            ColorSystem = interactive && Setting("NO_COLOR") is null ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            // The library's enrichers turn colours on in build servers, whose output is not a terminal.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (!interactive)
            console.Profile.Width = PipeWidth;
        return console;
    }
}
