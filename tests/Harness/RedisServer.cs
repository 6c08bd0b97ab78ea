using StackExchange.Redis;

namespace MorningAI.Tests.Harness;

/// <summary>A real redis-server of the test's own; where none is installed, Garnet in a process of its own.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly Scratch _scratch = new();
    private readonly bool _garnet;
    private ChildProcess? _process;

    private RedisServer(int port, bool garnet) => (Port, _garnet) = (port, garnet);

    public int Port { get; }

    public string Url => $"redis://127.0.0.1:{Port}";

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, "redis-server")))
        && Environment.GetEnvironmentVariable("MORNINGAI_TEST_GARNET") != "1";

    /// <param name="garnet">Garnet, even where redis-server is installed.</param>
    public static async Task<RedisServer> Start(bool garnet = false)
    {
        var server = new RedisServer(FreePort.Next(), garnet || !IsInstalled);
        await server.Begin();
        return server;
    }

    public async Task Begin()
    {
        _process = !_garnet
            ? ChildProcess.Start("redis-server", ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _scratch.Path, "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""])
            : ChildProcess.Start("dotnet",
            [
                Repository.GarnetServer, "--port", $"{Port}", "--bind", "127.0.0.1", "--logdir", _scratch.Path, "--checkpointdir", _scratch.Path,
                "--device-type", "RandomAccess", "--storage-tier", "true", "--memory", "512m", "--page", "8m", "--index", "32m", "--aof", "true", "--aof-page-size", "16m", "--aof-commit-freq", "0",
                "--recover", "true", "--lua", "true", "--lua-transaction-mode", "true", "-q",
            ]);
        await Deadline.Until("redis answers", TimeSpan.FromSeconds(60), async () =>
        {
            try
            {
                await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},connectTimeout=500,connectRetry=0");
                return (await connection.GetDatabase().PingAsync()) > TimeSpan.Zero;
            }
            catch (RedisException)
            {
                return false;
            }
        }, () => _process.Errors + _process.Output);
    }

    /// <summary>FLUSHALL.</summary>
    public async Task Flush()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},allowAdmin=true");
        await connection.GetServer("127.0.0.1", Port).FlushAllDatabasesAsync();
    }

    /// <summary>As another server at the same address would: with nothing in it.</summary>
    public async Task BeginEmpty()
    {
        foreach (var folder in Directory.GetDirectories(_scratch.Path))
            Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.GetFiles(_scratch.Path))
            File.Delete(file);
        await Begin();
    }

    /// <summary>SIGSTOP: it keeps its connections and answers nothing.</summary>
    public void Pause() => _process!.Signal("STOP");

    public void Resume() => _process!.Signal("CONT");

    /// <summary>SIGKILL.</summary>
    public Task Kill() => _process!.Kill();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _scratch.Dispose();
    }
}
