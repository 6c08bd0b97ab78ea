using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace MorningAI.Tests.Harness;

/// <summary>A real process, with its output kept, that never outlives its test.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _output = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Errors => string.Join('\n', _errors);

    public string Output => string.Join('\n', _output);

    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MORNINGAI_", StringComparison.Ordinal) || k == "REDIS_URL" || k == "OPENAI_API_KEY").ToArray())
            start.Environment.Remove(name);
        // Tests start many silos that live for seconds. Compiling what is hot a second and a third time, for a gain that none of
        // them lives to see, took 41 % of two processors in a chaos run, and held up the silos that were to be back in time.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.ErrorDataReceived += (_, e) => Keep(child._errors, e.Data);
        child._process.OutputDataReceived += (_, e) => Keep(child._output, e.Data);
        child._process.Start();
        child._process.BeginErrorReadLine();
        child._process.BeginOutputReadLine();
        child._process.StandardInput.Close();
        return child;
    }

    /// <summary>The morningai command.</summary>
    public static ChildProcess Morningai(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null) =>
        Start("dotnet", [Repository.Command, .. arguments], environment, workingDirectory);

    /// <summary>SIGKILL: it gets no chance to tidy up.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        await WaitForExit(TimeSpan.FromSeconds(10));
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> WaitForExit(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Process {Id} ({string.Join(' ', _process.StartInfo.ArgumentList)}) did not end within {limit.TotalSeconds} s.\n{Errors}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        while (lines.Count > 20_000)
            lines.TryDequeue(out var _);
    }
}
