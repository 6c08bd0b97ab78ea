using System.Diagnostics;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>A process of this run, its output kept in a file. It is ended with the run at the latest.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int ExitBySigkill = 128 + 9;

    private readonly Process _process;
    private readonly TextWriter _log;
    private readonly Task<int> _end;
    private bool _killed;
    private bool _told;

    private ChildProcess(Process process, TextWriter log)
    {
        _process = process;
        _log = log;
        _end = End(process);
        Id = process.Id;
    }

    public int Id { get; }

    /// <summary>It ended, and nobody here ended it.</summary>
    public bool EndedByItself => !_killed && !_told && HasEnded;

    public bool DiedOfSigkill => _killed && HasEnded && ExitCode == ExitBySigkill;

    public bool HasEnded => _end.IsCompleted;

    /// <exception cref="InvalidOperationException">It runs.</exception>
    public int ExitCode => HasEnded ? _end.Result : throw new InvalidOperationException($"Process {Id} has not ended yet.");

    /// <param name="log">Appended to.</param>
    /// <param name="environment">Set on top of this process' own, from which whatever sets up a silo is taken out.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string log, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(log)!,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfASilo).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var writer = TextWriter.Synchronized(new StreamWriter(log, append: true) { AutoFlush = true });
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(writer, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(writer, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        return new ChildProcess(process, writer);
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task Kill()
    {
        if (!HasEnded)
        {
            _killed = true;
            _process.Kill();
        }

        await _end;
    }

    /// <summary>SIGTERM, and waits until it is gone.</summary>
    /// <exception cref="TimeoutException">It is not, in time.</exception>
    public async Task Terminate(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _told = true;
        if (!HasEnded)
            Signals.Terminate(Id);
        await _end.WaitAsync(limit, time, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private static async Task<int> End(Process process)
    {
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private static bool IsOfASilo(string variable) =>
        variable.StartsWith("MORNINGAI_", StringComparison.OrdinalIgnoreCase) || variable is "REDIS_URL" or "OPENAI_API_KEY";

    private static void Keep(TextWriter log, string? line)
    {
        if (line is not null)
            log.WriteLine(line);
    }
}
