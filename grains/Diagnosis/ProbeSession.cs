using System.Net;
using System.Net.Sockets;

namespace MorningAI.Diagnosis;

/// <summary>What the steps hand to each other: addresses, then a connection, then what the server says of itself.</summary>
internal sealed class ProbeSession(RedisTarget target, TimeSpan limit, TimeProvider time) : IDisposable
{
    private readonly List<IDisposable> _open = [];

    public RedisTarget Target => target;

    /// <summary>Of one step.</summary>
    public TimeSpan Limit => limit;

    public TimeProvider Time => time;

    public IReadOnlyList<IPAddress> Addresses { get; set; } = [];

    /// <summary>The address that took the connection.</summary>
    public IPAddress? Connected { get; private set; }

    public Stream? Stream { get; set; }

    /// <summary>There once the connection is.</summary>
    public RespConnection Redis => field ??= new RespConnection(Stream!);

    /// <summary>What it said to INFO; empty where it may not be asked.</summary>
    public IReadOnlyDictionary<string, string> Info { get; set; } = new Dictionary<string, string>();

    /// <summary>When it saves itself, as CONFIG says it; empty for never; null where it may not be asked.</summary>
    public string? SaveSchedule { get; set; }

    /// <summary>Its latest slow commands; null where it may not be asked.</summary>
    public IReadOnlyList<SlowCommand>? SlowLog { get; set; }

    /// <summary>A connection to the first address that takes one, each given its share of the time.</summary>
    /// <exception cref="SocketException">None does; what the last one said.</exception>
    /// <exception cref="OperationCanceledException">The last one did not answer in time.</exception>
    public async Task<NetworkStream> Connect(CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            using var share = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = new CancellationTokenSource(limit / Addresses.Count, time);
            await using var _ = timer.Token.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), share);
            var socket = Keep(new Socket(Addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            try
            {
                await socket.ConnectAsync(Addresses[i], target.Port, share.Token).ConfigureAwait(false);
                Connected = Addresses[i];
                return Keep(new NetworkStream(socket, ownsSocket: true));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && i + 1 < Addresses.Count && !cancellationToken.IsCancellationRequested)
            {
                // The name has further addresses.
            }
        }
    }

    /// <summary>Closes it with the session.</summary>
    public T Keep<T>(T part)
        where T : IDisposable
    {
        lock (_open)
            _open.Add(part);
        return part;
    }

    /// <summary>Also what a step that was given up is still waiting on.</summary>
    public void Dispose()
    {
        lock (_open)
        {
            foreach (var part in Enumerable.Reverse(_open))
                part.Dispose();
        }
    }
}
