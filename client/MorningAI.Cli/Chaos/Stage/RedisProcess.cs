using System.Globalization;
using System.Net;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage.Network;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>The run's own redis-server, with its append-only file in the run's folder.</summary>
internal sealed class RedisProcess(string program, ChaosFolder folder, RunLog runLog, IStageNetwork network, TimeProvider time) : IAsyncDisposable
{
    /// <summary>What it goes by in the run's network.</summary>
    public const string Name = "redis";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly string _log = folder.At("redis.log");
    private ChildProcess? _process;

    public IPEndPoint EndPoint { get; } = new(network.AddressOf(Name), FreePort.Next());

    public string Folder { get; } = folder.At("redis");

    public ChildProcess Process => _process ?? throw new InvalidOperationException("Redis was not started yet.");

    /// <summary>Starts it on what its folder holds; returns once it has loaded that and answers.</summary>
    /// <exception cref="StageException">It did not come up.</exception>
    public async Task Start(CancellationToken cancellationToken)
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Directory.CreateDirectory(Folder);
        var (start, before) = network.In(Name, program);
        _process = ChildProcess.Start(start,
            [.. before, "--port", EndPoint.Port.ToString(CultureInfo.InvariantCulture), "--bind", EndPoint.Address.ToString(), "--protected-mode", "no", "--dir", Folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no"],
            _log);
        await WaitUntilItAnswers(cancellationToken);
        runLog.RedisUp();
    }

    /// <summary>SIGKILL.</summary>
    public async Task Kill()
    {
        runLog.RedisDown();
        await Process.Kill();
    }

    /// <inheritdoc cref="RedisCall.Send"/>
    public Task<string> Call(CancellationToken cancellationToken, params string[] command) => Call(CallLimit, cancellationToken, command);

    /// <inheritdoc cref="RedisCall.Send"/>
    public Task<string> Call(TimeSpan limit, CancellationToken cancellationToken, params string[] command) =>
        RedisCall.Send(EndPoint, limit, time, cancellationToken, command);

    /// <summary>Its process, where it runs.</summary>
    public int? RunningId => _process is { HasEnded: false } running ? running.Id : null;

    public async Task<long> CountKeys(CancellationToken cancellationToken) => long.Parse(await Call(cancellationToken, "DBSIZE"), CultureInfo.InvariantCulture);

    /// <summary>Bytes, of its data and its own.</summary>
    public async Task<long> UsedMemory(CancellationToken cancellationToken)
    {
        const string start = "used_memory:";
        var line = (await Call(cancellationToken, "INFO", "memory")).Split("\r\n").First(l => l.StartsWith(start, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(start.Length), CultureInfo.InvariantCulture);
    }

    /// <summary>How often Redis has answered with an error of this kind, as READONLY, since it started.</summary>
    public async Task<long> CountErrors(string kind, CancellationToken cancellationToken)
    {
        var start = $"errorstat_{kind}:count=";
        var stats = await Call(cancellationToken, "INFO", "errorstats");
        var line = stats.Split("\r\n").FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.AsSpan(start.Length), CultureInfo.InvariantCulture);
    }

    public async Task<string> RunId(CancellationToken cancellationToken) =>
        (await Call(cancellationToken, "INFO", "server")).Split("\r\n").First(l => l.StartsWith("run_id:", StringComparison.Ordinal));

    public async Task<bool> Answers(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await Call(limit, cancellationToken, "PING") == "PONG";
        }
        catch (Exception e) when (e is IOException or TimeoutException or RedisErrorException)
        {
            return false; // also while it loads its file: it says LOADING
        }
    }

    /// <exception cref="StageException">It ended, or does not answer in time.</exception>
    public async Task WaitUntilItAnswers(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (!await Answers(TimeSpan.FromSeconds(1), cancellationToken))
        {
            if (Process.EndedByItself)
                throw new StageException($"redis-server ended with exit code {Process.ExitCode}; {_log} says why.");
            if (time.GetElapsedTime(began) > StartLimit)
                throw new StageException($"redis-server did not answer within {StartLimit.TotalSeconds} s of its start; see {_log}.");
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
