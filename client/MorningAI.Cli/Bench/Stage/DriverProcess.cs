using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Bench.Stage;

/// <summary>A process that is told by lines what to do, and answers each with one line of JSON. All else that it says is kept in a file.</summary>
internal sealed class DriverProcess : IAsyncDisposable
{
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();
    private readonly Process _process;
    private readonly TextWriter _log;
    private readonly string _logPath;
    private readonly string _name;
    private readonly TimeProvider _time;

    private DriverProcess(Process process, string name, string logPath, TimeProvider time)
    {
        _process = process;
        _name = name;
        _logPath = logPath;
        _time = time;
        _log = TextWriter.Synchronized(new StreamWriter(logPath, append: true) { AutoFlush = true });
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine(); // read whether it is waited for or not: a full pipe would stop the process
    }

    public int Id => _process.Id;

    public static DriverProcess Start(ProgramCall call, string name, string log, TimeProvider time)
    {
        var start = new ProcessStartInfo(call.Program, call.Arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(log)!,
        };
        foreach (var (variable, value) in call.Environment)
            start.Environment[variable] = value;
        return new DriverProcess(new Process { StartInfo = start }, name, log, time);
    }

    /// <param name="wish">Null to wait for what it says by itself.</param>
    /// <exception cref="StageException">It ended, or did not answer in time.</exception>
    public async Task<JsonElement> Ask(string? wish, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            if (wish is not null)
            {
                await _process.StandardInput.WriteLineAsync(wish.AsMemory(), either.Token);
                await _process.StandardInput.FlushAsync(either.Token);
            }

            return JsonDocument.Parse(await _answers.Reader.ReadAsync(either.Token)).RootElement;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StageException($"{_name} did not {What(wish)} within {limit.TotalSeconds:0} s{LastWords()}", e);
        }
        catch (IOException e)
        {
            throw new StageException($"{_name} was gone when it was to {What(wish)}{LastWords()}", e);
        }
        catch (ChannelClosedException e)
        {
            throw new StageException($"{_name} ended when it was to {What(wish)}{LastWords()}", e);
        }
    }

    /// <summary>SIGKILL, children included.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private static string What(string? wish) => wish is null ? "start" : $"do '{wish}'";

    /// <summary>Where it names an error, that line: a stack trace says less.</summary>
    private string LastWords()
    {
        using var file = new StreamReader(new FileStream(_logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (lines.LastOrDefault(l => l.Contains("Error", StringComparison.Ordinal)) ?? lines.LastOrDefault()) is { } words ? $"; it said: {words}" : "";
    }

    private void Take(string? line)
    {
        if (line is null)
            _answers.Writer.TryComplete();
        else if (!line.StartsWith('{') || !_answers.Writer.TryWrite(line))
            Keep(line);
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _log.WriteLine(line);
    }
}

/// <summary>How a program is started.</summary>
internal sealed record ProgramCall(string Program, IReadOnlyList<string> Arguments, params IReadOnlyList<(string Name, string Value)> Environment);
