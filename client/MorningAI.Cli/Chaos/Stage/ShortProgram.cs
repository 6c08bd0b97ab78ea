using System.ComponentModel;
using System.Diagnostics;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>A program of the system that is run to its end, as <c>mount</c> or <c>ip</c>.</summary>
internal static class ShortProgram
{
    /// <returns>Its exit code and what it said; 127 where it is not installed.</returns>
    public static async Task<(int Code, string Out, string Error)> Run(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, (await output).Trim(), errors.Trim());
        }
        catch (Win32Exception e)
        {
            return (127, "", e.Message);
        }
    }
}
