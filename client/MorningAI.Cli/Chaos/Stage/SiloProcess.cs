using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Mixed;
using MorningAI.Cli.Chaos.Stage.Network;
using MorningAI.Silo.Chaos;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>A silo as users run it: this same program with the command <c>silo</c>, on free ports of its own address.</summary>
internal sealed class SiloProcess(string name, SiloSurroundings surroundings) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Of a journal that is to be full: a second of work, and the least that a silo takes.</summary>
    private const long SmallJournalBytes = 256 << 10;

    private readonly IPAddress _address = surroundings.Network.AddressOf(name);
    private readonly int _siloPort = FreePort.Next();
    private readonly int _httpPort = FreePort.Next();
    private readonly int _gatewayPort = FreePort.Next();
    private readonly string _log = surroundings.Folder.At(name + ".log");
    private readonly SemaphoreSlim _starting = new(1, 1);
    private bool _hasSmallJournal;
    private HttpClient? _http;
    private volatile ChildProcess? _process;

    public string Name { get; } = name;

    public string DataFolder { get; } = surroundings.Folder.At(name);

    public string Gateway => new IPEndPoint(_address, _gatewayPort).ToString();

    public ChildProcess Process => _process ?? throw new InvalidOperationException($"Silo {Name} was not started yet.");

    /// <summary>Its process, where it runs.</summary>
    public int? RunningId => _process is { HasEnded: false } running ? running.Id : null;

    /// <summary>It was started, is gone, and nobody here ended it.</summary>
    public bool EndedByItself => _process is { EndedByItself: true };

    private HttpClient Http => _http ??= new HttpClient
    {
        BaseAddress = new UriBuilder("http", _address.ToString(), _httpPort).Uri,
        Timeout = AnswerLimit,
        DefaultRequestHeaders = { { "X-API-Key", surroundings.ApiKey } },
    };

    /// <summary>Starts it where it does not run, at first or again: same name, ports and data. Returns while it is still coming up.</summary>
    /// <param name="reminders">How many reminders it sets up when it is up.</param>
    public async Task Start(int reminders = 0)
    {
        await _starting.WaitAsync();
        try
        {
            if (_process is { HasEnded: false })
                return;
            if (_process is { } last)
                await last.DisposeAsync();
            _process = Launch(reminders);
            surroundings.Log.SiloStarted(Name, Process.Id);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>From its next start on its journal takes next to nothing.</summary>
    public void LimitJournal() => _hasSmallJournal = true;

    /// <param name="mayEnd">Somebody starts it again.</param>
    /// <exception cref="StageException">It ended, or is not ready in time.</exception>
    public async Task WaitUntilReady(CancellationToken cancellationToken, bool mayEnd = false)
    {
        var began = surroundings.Time.GetTimestamp();
        while (!await IsReady(cancellationToken))
        {
            if (!mayEnd && EndedByItself)
                throw new StageException($"Silo {Name} ended with exit code {Process.ExitCode} while it started; {_log} says why.");
            if (surroundings.Time.GetElapsedTime(began) > StartLimit)
                throw new StageException($"Silo {Name} was not ready within {StartLimit.TotalSeconds} s of its start; see {_log}.");
            await Task.Delay(Poll, surroundings.Time, cancellationToken);
        }

        surroundings.Log.SiloReady(Name, Process.Id);
    }

    /// <summary>The process answers.</summary>
    public Task<bool> IsLive(CancellationToken cancellationToken) => Says("/health/live", cancellationToken);

    /// <summary>It may be sent work.</summary>
    public Task<bool> IsReady(CancellationToken cancellationToken) => Says("/health/ready", cancellationToken);

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
    public async Task<bool> JournalRefuses(CancellationToken cancellationToken) =>
        await Get("/ops/journal", AnswerLimit, cancellationToken) is { } journal
        && journal.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String;

    /// <summary>The cluster as this silo sees it.</summary>
    /// <returns>Null where it does not answer.</returns>
    public async Task<MembersView?> SeeMembers(CancellationToken cancellationToken) =>
        await Get("/ops/members", LookLimit, cancellationToken) is { } view
            ? new MembersView(
                view.GetProperty("address").GetString()!,
                view.GetProperty("silos").EnumerateArray().ToDictionary(m => m.GetProperty("address").GetString()!, m => m.GetProperty("status").GetString()!))
            : null;

    /// <summary>What its process holds, by its own word.</summary>
    /// <returns>Null where it does not answer.</returns>
    public Task<JsonElement?> SeeProcess(CancellationToken cancellationToken) => Get("/ops/process", LookLimit, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_process is { } process)
            await process.DisposeAsync();
        _starting.Dispose();
    }

    private ChildProcess Launch(int reminders)
    {
        var (program, before) = ThisProgram.Command();
        var (start, first) = surroundings.Network.In(Name, program);
        return ChildProcess.Start(
            start,
            [.. first, .. before, "silo", "--name", Name, "--data", DataFolder, "--redis", surroundings.Redis, "--host", _address.ToString(), "--http", Text(_httpPort), "--silo-port", Text(_siloPort), "--gateway-port", Text(_gatewayPort)],
            _log,
            [
                ("MORNINGAI_API_KEY", surroundings.ApiKey),
                (ChaosLedgerRegistration.FolderVariable, surroundings.Folder.Ledger),
                (ChaosLedgerRegistration.RemindersVariable, Text(reminders)),
                ($"MorningAI__Limits__Keys__{MixedHandler.Kind}__Concurrency", Text(MixedLoad.LimitOfAKey)),
                .. SmallJournal(),
            ]);
    }

    private async Task<bool> Says(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(path, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return false;
        }
    }

    private async Task<JsonElement?> Get(string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, surroundings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await Http.GetFromJsonAsync<JsonElement>(path, either.Token);
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return null;
        }
    }

    private IEnumerable<(string Name, string Value)> SmallJournal() =>
        _hasSmallJournal ? [("MorningAI__Journal__MaxBytes", SmallJournalBytes.ToString(CultureInfo.InvariantCulture))] : [];

    private static bool IsNoAnswer(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the silos of a run have in common.</summary>
/// <param name="Redis">The URL by which they reach it.</param>
/// <param name="ApiKey">Made for the run: addresses that are not loopback need one.</param>
internal sealed record SiloSurroundings(ChaosFolder Folder, RunLog Log, IStageNetwork Network, string Redis, string ApiKey, TimeProvider Time);
