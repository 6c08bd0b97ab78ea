using System.ComponentModel;
using System.Diagnostics;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>The bench's own folder, where peers are installed to; kept from run to run.</summary>
internal sealed class BenchCache(Terminal terminal)
{
    public string Path { get; } = System.IO.Path.Combine(Root(terminal), "morningai", "bench");

    /// <summary>A folder in it, made where it is missing.</summary>
    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <summary>Where a program is; null where it is not on PATH.</summary>
    public string? Program(string name) => (terminal.Setting("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    public void Say(string line) => terminal.Say(line);

    /// <summary>Puts a script of this program into a folder.</summary>
    /// <returns>Its path there.</returns>
    public static async Task<string> Place(string script, string folder, CancellationToken cancellationToken)
    {
        await using var resource = typeof(BenchCache).Assembly.GetManifestResourceStream("MorningAI.Cli.Bench.Scripts." + script)
            ?? throw new InvalidOperationException($"{script} is not embedded in this program.");
        var path = System.IO.Path.Combine(folder, script);
        await using var file = File.Create(path);
        await resource.CopyToAsync(file, cancellationToken);
        return path;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard output, and its exit code; what it wrote to standard error where it failed.</returns>
    public static async Task<(int Code, string Says)> Run(string folder, string program, IEnumerable<string> arguments, CancellationToken cancellationToken, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var errors = process.StandardError.ReadToEndAsync(cancellationToken);
                var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return (process.ExitCode, (process.ExitCode == 0 ? output : output + await errors).Trim());
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception e)
        {
            return (127, e.Message);
        }
    }

    /// <summary>The last line of a failed program, which mostly says why.</summary>
    public static string LastLine(string says) => says.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";

    private static string Root(Terminal terminal) =>
        terminal.Setting("XDG_CACHE_HOME") ?? System.IO.Path.Combine(terminal.Setting("HOME") ?? System.IO.Path.GetTempPath(), ".cache");
}
