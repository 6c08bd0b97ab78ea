using System.Globalization;
using System.Net;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Bench.Stage;

/// <summary>A redis-server of one run, empty when it starts, that keeps an append-only file as people run it for queues.</summary>
internal sealed class BenchRedis : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly ChildProcess _process;
    private readonly string _log;
    private readonly TimeProvider _time;

    private BenchRedis(ChildProcess process, IPEndPoint endPoint, string log, TimeProvider time) =>
        (_process, EndPoint, _log, _time) = (process, endPoint, log, time);

    public IPEndPoint EndPoint { get; }

    public int ProcessId => _process.Id;

    /// <exception cref="StageException">It did not come up.</exception>
    public static async Task<BenchRedis> Start(string program, string folder, string log, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var process = ChildProcess.Start(
            program,
            ["--port", endPoint.Port.ToString(CultureInfo.InvariantCulture), "--bind", endPoint.Address.ToString(), "--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no"],
            log);
        var redis = new BenchRedis(process, endPoint, log, time);
        try
        {
            await redis.WaitUntilItAnswers(cancellationToken);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public Task Kill() => _process.Kill();

    /// <inheritdoc cref="RedisCall.Send"/>
    public Task<string> Call(CancellationToken cancellationToken, params string[] command) =>
        RedisCall.Send(EndPoint, CallLimit, _time, cancellationToken, command);

    /// <summary>A command that answers with a number.</summary>
    public async Task<long> Count(CancellationToken cancellationToken, params string[] command) =>
        long.TryParse(await Call(cancellationToken, command), CultureInfo.InvariantCulture, out var number) ? number : 0;

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task WaitUntilItAnswers(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (!await Answers(cancellationToken))
        {
            if (_process.EndedByItself)
                throw new StageException($"redis-server ended with exit code {_process.ExitCode}; {_log} says why.");
            if (_time.GetElapsedTime(began) > StartLimit)
                throw new StageException($"redis-server did not answer within {StartLimit.TotalSeconds} s of its start; see {_log}.");
            await Task.Delay(Poll, _time, cancellationToken);
        }
    }

    private async Task<bool> Answers(CancellationToken cancellationToken)
    {
        try
        {
            return await Call(cancellationToken, "PING") == "PONG";
        }
        catch (Exception e) when (e is IOException or TimeoutException or RedisErrorException)
        {
            return false;
        }
    }
}
