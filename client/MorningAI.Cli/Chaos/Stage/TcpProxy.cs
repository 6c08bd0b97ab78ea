using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>The wire between silos and Redis, for faults of the wire. Passes everything on until it is told otherwise.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    /// <summary>What it goes by in the run's network.</summary>
    public const string Name = "wire";

    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<ProxiedConnection, bool> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly TimeProvider _time;
    private readonly Task _accepting;
    private readonly long _began;
    private volatile bool _swallows;
    private long _delayed;
    private long _swallowed;

    /// <param name="address">Of this process: where it listens, on a free port.</param>
    public TcpProxy(IPAddress address, IPEndPoint target, TimeProvider time)
    {
        _listener = new TcpListener(address, 0);
        _target = target;
        _time = time;
        _began = time.GetTimestamp();
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = Accept();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>How long every chunk is on its way. Default: no time.</summary>
    public TimeSpan Delay { get; set; }

    public long DelayedChunks => Interlocked.Read(ref _delayed);

    public long SwallowedBytes => Interlocked.Read(ref _swallowed);

    /// <summary>From now on bytes and connections are taken and nothing is passed on.</summary>
    public void BeginToSwallow() => _swallows = true;

    /// <summary>Connections that lost bytes are cut: no network goes on with a stream after a hole in it.</summary>
    public void EndToSwallow()
    {
        _swallows = false;
        foreach (var connection in _connections.Keys.Where(c => c.HasLostBytes))
            connection.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        foreach (var connection in _connections.Keys)
            connection.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    /// <returns>True for bytes that are gone.</returns>
    internal bool Swallows(int bytes)
    {
        if (!_swallows)
            return false;
        Interlocked.Add(ref _swallowed, bytes);
        return true;
    }

    internal TimeSpan DueOfNextChunk()
    {
        if (Delay > TimeSpan.Zero)
            Interlocked.Increment(ref _delayed);
        return _time.GetElapsedTime(_began) + Delay;
    }

    internal async ValueTask Until(TimeSpan due, CancellationToken cancellationToken)
    {
        if (due - _time.GetElapsedTime(_began) is { TotalMilliseconds: >= 1 } left)
            await Task.Delay(left, _time, cancellationToken);
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end of the run.
        }
    }

    private async Task Serve(Socket client)
    {
        using var connection = new ProxiedConnection(this, client);
        _connections[connection] = true;
        try
        {
            await connection.Run(_target, _stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone: so is the other, when this is disposed.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }
}
