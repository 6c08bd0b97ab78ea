using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MorningAI.Tests.Harness;

/// <summary>A real silo in a process of its own, on free ports.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyDictionary<string, string?> _environment;
    private readonly string[] _arguments;
    private ChildProcess _process;

    private SiloProcess(string[] arguments, IReadOnlyDictionary<string, string?> environment, int http, int gateway)
    {
        _arguments = arguments;
        _environment = environment;
        Url = new Uri($"http://127.0.0.1:{http}");
        Gateway = $"127.0.0.1:{gateway}";
        Http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(40) };
        _process = ChildProcess.Morningai(_arguments, _environment);
    }

    public Uri Url { get; }

    public string Gateway { get; }

    public HttpClient Http { get; }

    public ChildProcess Process => _process;

    /// <param name="redis">Null for the embedded store.</param>
    public static async Task<SiloProcess> Start(string dataDirectory, string? redis = null, string? name = null, params (string Name, string? Value)[] environment)
    {
        var process = Launch(dataDirectory, redis, name, environment);
        await process.WaitUntilReady();
        return process;
    }

    /// <summary>Does not wait until it is ready.</summary>
    /// <inheritdoc cref="Start"/>
    public static SiloProcess Launch(string dataDirectory, string? redis = null, string? name = null, params (string Name, string? Value)[] environment)
    {
        int http = FreePort.Next(), silo = FreePort.Next(), gateway = FreePort.Next();
        var arguments = new List<string> { "silo", "--http", $"{http}", "--silo-port", $"{silo}", "--gateway-port", $"{gateway}", "--data", dataDirectory };
        if (redis is not null)
            arguments.AddRange(["--redis", redis]);
        if (name is not null)
            arguments.AddRange(["--name", name]);
        return new SiloProcess([.. arguments], environment.ToDictionary(e => e.Name, e => e.Value), http, gateway);
    }

    public async Task WaitUntilReady() => await Deadline.Until("the silo is ready", StartLimit, async () =>
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"The silo ended with {_process.ExitCode}:\n{_process.Errors}");
        using var response = await Http.GetAsync("/health/ready");
        return response.IsSuccessStatusCode;
    }, () => _process.Errors);

    public Task Kill() => _process.Kill();

    /// <summary>The same silo again: name, ports, data.</summary>
    public async Task Restart()
    {
        await _process.DisposeAsync();
        _process = ChildProcess.Morningai(_arguments, _environment);
        await WaitUntilReady();
    }

    public async Task<JsonObject> Overview() => (await Http.GetFromJsonAsync<JsonObject>("/ops/overview"))!;

    public async Task<JsonObject> Task(string id) => (await Http.GetFromJsonAsync<JsonObject>($"/tasks/{id}"))!;

    /// <returns>The task's id; null where it was not acknowledged.</returns>
    public async Task<string?> Submit(object request)
    {
        using var response = await Http.PostAsJsonAsync("/tasks", request);
        return response.IsSuccessStatusCode ? (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("task_id").GetString() : null;
    }

    /// <summary>Waits until the task has ended.</summary>
    public async Task<JsonObject> End(string id, TimeSpan limit)
    {
        JsonObject task = [];
        await Deadline.Until($"the end of {id}", limit, async () =>
        {
            task = await Task(id);
            return task["finished_at"] is not null;
        }, () => $"{task.ToJsonString()}\n{_process.Errors}");
        return task;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }
}
