using System.Net.Sockets;
using StackExchange.Redis;

namespace MorningAI.Storage;

/// <summary>The silo's one connection to its store, shared by storage, membership and reminders.</summary>
public sealed class StoreConnection : IAsyncDisposable
{
    /// <summary>How long bytes may be on their way, in ms: a Redis that is stopped still has a kernel that takes them.</summary>
    private const int Unacknowledged = 2000;

    private readonly IConnectionMultiplexer _multiplexer;

    private StoreConnection(IConnectionMultiplexer multiplexer, ConfigurationOptions configuration)
    {
        _multiplexer = multiplexer;
        Configuration = configuration;
    }

    public ConfigurationOptions Configuration { get; }

    public IConnectionMultiplexer Multiplexer => _multiplexer;

    public IDatabase Database => _multiplexer.GetDatabase();

    /// <param name="configuration">A StackExchange.Redis configuration string.</param>
    /// <returns>Also where it cannot be reached, or refuses us: calls then fail until it can, and does not.</returns>
    public static async Task<StoreConnection> Open(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AbortOnConnectFail = false; // it reconnects by itself, for ever
        options.AllowAdmin = false;
        // Its return is to be noticed within a fraction of a second: the defaults look once a second and back off to minutes.
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
        options.ReconnectRetryPolicy = new LinearRetry(100);
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, 1000);
        options.BeforeSocketConnect = (_, _, socket) => GiveUpSilentPeers(socket);
        options.BacklogPolicy = BacklogPolicy.FailFast; // a call against a dead store must fail now, not queue up
        // Its own ten threads are two more hand-overs for each answer, on top of the thread pool's, which the answer needs anyway.
        options.SocketManager = SocketManager.ThreadPool;
        options.ClientName ??= "morningai";
        return new StoreConnection(await ConnectionMultiplexer.ConnectAsync(options), options);
    }

    /// <summary>
    /// On a network that loses packets without a word TCP tries again after ever longer pauses: a connection would go on as
    /// long after the cut as the cut was. Given up, it is made anew at once.
    /// </summary>
    private static void GiveUpSilentPeers(Socket socket)
    {
        const int tcpUserTimeout = 18; // linux/tcp.h: TCP_USER_TIMEOUT, in milliseconds
        if (OperatingSystem.IsLinux() && socket.ProtocolType == ProtocolType.Tcp)
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, tcpUserTimeout, BitConverter.GetBytes(Unacknowledged));
    }

    /// <summary>Runs a script, also right after the server lost it.</summary>
    internal async Task<RedisResult> Evaluate(string script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await Database.ScriptEvaluateAsync(script, keys, values).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // The server restarted or flushed its scripts. The client has noticed, and sends the text this time.
            return await Database.ScriptEvaluateAsync(script, keys, values).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();
}
