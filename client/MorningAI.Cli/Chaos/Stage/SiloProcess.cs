using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MorningAI.Silo.Chaos;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>A silo as users run it: this same program with the command <c>silo</c>, on free ports of loopback.</summary>
internal sealed class SiloProcess(string name, string dataFolder, string log, string redis, string ledgerFolder, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    /// <summary>Of a journal that is to be full: less than a second of work.</summary>
    private const long SmallJournalBytes = 128 << 10;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly int _siloPort = FreePort.Next();
    private readonly int _httpPort = FreePort.Next();
    private readonly int _gatewayPort = FreePort.Next();
    private bool _hasSmallJournal;
    private HttpClient? _http;
    private ChildProcess? _process;

    public string Name { get; } = name;

    public string DataFolder { get; } = dataFolder;

    public string Gateway => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_gatewayPort}");

    public ChildProcess Process => _process ?? throw new InvalidOperationException($"Silo {Name} was not started yet.");

    private HttpClient Http => _http ??= new HttpClient
    {
        BaseAddress = new UriBuilder("http", "127.0.0.1", _httpPort).Uri,
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Starts it, or starts it again: same name, ports and data. Returns while it is still coming up.</summary>
    public async Task Start()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        var (program, before) = ThisProgram.Command();
        _process = ChildProcess.Start(
            program,
            [.. before, "silo", "--name", Name, "--data", DataFolder, "--redis", redis, "--host", "127.0.0.1", "--http", Text(_httpPort), "--silo-port", Text(_siloPort), "--gateway-port", Text(_gatewayPort)],
            log,
            [(ChaosLedgerRegistration.FolderVariable, ledgerFolder), .. SmallJournal()]);
    }

    /// <summary>From its next start on its journal takes next to nothing.</summary>
    public void LimitJournal() => _hasSmallJournal = true;

    /// <exception cref="StageException">It ended, or is not ready in time.</exception>
    public async Task WaitUntilReady(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (!await IsReady(cancellationToken))
        {
            if (Process.EndedByItself)
                throw new StageException($"Silo {Name} ended with exit code {Process.ExitCode} while it started; {log} says why.");
            if (time.GetElapsedTime(began) > StartLimit)
                throw new StageException($"Silo {Name} was not ready within {StartLimit.TotalSeconds} s of its start; see {log}.");
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Submits through this silo's own HTTP API.</summary>
    /// <returns>The task's id and its durability; null where it was not acknowledged.</returns>
    public async Task<(string Id, string Durability)?> Submit(LedgerPayload payload, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.PostAsJsonAsync("/tasks", new { kind = ChaosLedgerRegistration.Kind, payload }, TaskJson.Options, cancellationToken);
            if (!response.IsSuccessStatusCode)
                return null;
            var receipt = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return (receipt.GetProperty("task_id").GetString()!, receipt.GetProperty("durability").GetString()!);
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return null;
        }
    }

    /// <summary>By its own word: the last thing that its journal was to write, it could not.</summary>
    public async Task<bool> JournalRefuses(CancellationToken cancellationToken)
    {
        try
        {
            var journal = await Http.GetFromJsonAsync<JsonElement>("/ops/journal", cancellationToken);
            return journal.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String;
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private async Task<bool> IsReady(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync("/health/ready", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return false;
        }
    }

    private IEnumerable<(string Name, string Value)> SmallJournal() =>
        _hasSmallJournal ? [("MorningAI__Journal__MaxBytes", SmallJournalBytes.ToString(CultureInfo.InvariantCulture))] : [];

    private static bool IsNoAnswer(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
