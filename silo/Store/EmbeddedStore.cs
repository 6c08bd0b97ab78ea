using System.Diagnostics;
using System.Security.Cryptography;
using Garnet;

namespace MorningAI.Silo.Store;

/// <summary>
/// The store for who has no Redis: Garnet, a Redis-protocol server, in this process. Its append-only file is committed
/// before a write is answered, so what was acknowledged survives a SIGKILL. Listens on loopback, with a password that
/// lives as long as the process.
/// </summary>
public sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _server;

    private EmbeddedStore(GarnetServer server, string configuration)
    {
        _server = server;
        Configuration = configuration;
    }

    /// <summary>For StackExchange.Redis.</summary>
    public string Configuration { get; }

    /// <param name="directory">Where it keeps its files. Made if missing.</param>
    /// <exception cref="SiloStartException">It cannot start on that folder.</exception>
    public static EmbeddedStore Start(string directory, ILoggerFactory loggers)
    {
        Directory.CreateDirectory(directory);
        var port = Ports.FindFree();
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--port", $"{port}",
            "--auth", "Password", "--password", password,
            "--logdir", directory, "--checkpointdir", directory,
            "--device-type", "RandomAccess", // the native device needs libaio
            "--storage-tier", "true", "--memory", "1g", "--page", "8m", "--index", "64m",
            "--aof", "true", "--aof-commit-freq", "0", "--aof-commit-wait", "true", "--aof-page-size", "16m", "--aof-memory", "64m",
            "--aof-size-limit", "512m", // then a checkpoint is taken, and the log begins anew
            "--recover", "true", "--fail-on-recovery-error", "true",
            "--lua", "true", "--lua-transaction-mode", "true",
            "-q",
        ];
        var listeners = Trace.Listeners.Cast<TraceListener>().ToArray();
        try
        {
            var server = new GarnetServer(arguments, loggers);
            server.Start();
            return new EmbeddedStore(server, $"127.0.0.1:{port},password={password},abortConnect=false");
        }
        catch (Exception e)
        {
            throw new SiloStartException($"The embedded store cannot start on {directory}: {e.Message}", e);
        }
        finally
        {
            // The server makes all traces of the process go to standard output, which is not its to take.
            foreach (var added in Trace.Listeners.Cast<TraceListener>().Except(listeners).ToArray())
                Trace.Listeners.Remove(added);
        }
    }

    public void Dispose() => _server.Dispose();
}
