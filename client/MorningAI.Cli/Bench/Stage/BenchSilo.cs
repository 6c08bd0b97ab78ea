using System.Globalization;
using System.Net;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Bench.Stage;

/// <summary>A silo as users run it: this same program with the command <c>silo</c>, on free ports of loopback.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    /// <summary>Short: how long a start takes is one of the figures.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly ChildProcess _process;

    private BenchSilo(ChildProcess process, string gateway, TimeSpan startTime) => (_process, Gateway, StartTime) = (process, gateway, startTime);

    public string Gateway { get; }

    public int ProcessId => _process.Id;

    /// <summary>From the start of its process until it was ready.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Returns once it is ready.</summary>
    /// <exception cref="StageException">It ended, or is not ready in time.</exception>
    public static async Task<BenchSilo> Start(BenchStage stage, CancellationToken cancellationToken, params IEnumerable<(string Name, string Value)> environment)
    {
        var (http, gateway) = (FreePort.Next(), FreePort.Next());
        var log = stage.At("silo.log");
        var (program, before) = ThisProgram.Command();
        var began = stage.Time.GetTimestamp();
        var process = ChildProcess.Start(
            program,
            [.. before, "silo", "--name", "bench", "--data", stage.At("data"), "--redis", stage.RedisUrl, "--host", "127.0.0.1", "--http", Text(http), "--silo-port", Text(FreePort.Next()), "--gateway-port", Text(gateway)],
            log,
            environment);
        try
        {
            using var client = new HttpClient { BaseAddress = new UriBuilder("http", "127.0.0.1", http).Uri, Timeout = LookLimit };
            while (!await IsReady(client, cancellationToken))
            {
                if (process.EndedByItself)
                    throw new StageException($"The silo ended with exit code {process.ExitCode} while it started; {log} says why.");
                if (stage.Time.GetElapsedTime(began) > StartLimit)
                    throw new StageException($"The silo was not ready within {StartLimit.TotalSeconds} s of its start; see {log}.");
                await Task.Delay(Poll, stage.Time, cancellationToken);
            }

            return new BenchSilo(process, new IPEndPoint(IPAddress.Loopback, gateway).ToString(), stage.Time.GetElapsedTime(began));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> IsReady(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync("/health/ready", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
