using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MorningAI.Cli.Bench.Stage;

/// <summary>
/// A wire to Redis that is longer by a fixed time: what is sent arrives that much later, answers come at once, so the way
/// there and back is longer by just that. Threads that sleep by the system's own clock, because timers of .NET count whole
/// milliseconds.
/// </summary>
internal sealed class SlowWire : IDisposable
{
    private const int ChunkBytes = 64 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly int _target;
    private readonly TimeSpan _delay;
    private readonly TimeProvider _time;

    public SlowWire(int target, TimeSpan delay, TimeProvider time)
    {
        (_target, _delay, _time) = (target, delay, time);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        Run(Accept);
    }

    public int Port { get; }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private void Accept()
    {
        while (true)
        {
            var client = _listener.AcceptSocket();
            var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _sockets.Add(client);
            _sockets.Add(server);
            client.NoDelay = true;
            server.Connect(IPAddress.Loopback, _target);
            var late = new BlockingCollection<(byte[] Bytes, long Taken)>();
            Run(() => Take(client, late));
            Run(() => Deliver(server, late));
            Run(() => Return(server, client));
        }
    }

    private void Take(Socket client, BlockingCollection<(byte[] Bytes, long Taken)> late)
    {
        var chunk = new byte[ChunkBytes];
        try
        {
            while (client.Receive(chunk) is > 0 and var read)
                late.Add((chunk[..read], _time.GetTimestamp()));
        }
        finally
        {
            late.CompleteAdding();
        }
    }

    private void Deliver(Socket server, BlockingCollection<(byte[] Bytes, long Taken)> late)
    {
        foreach (var (bytes, taken) in late.GetConsumingEnumerable())
        {
            if (_delay - _time.GetElapsedTime(taken) is { Ticks: > 0 } left)
                Sleep(left);
            SendAll(server, bytes);
        }

        server.Shutdown(SocketShutdown.Send); // it ends its side, and that ends the rest: closed while it is read from, the server would see a reset
    }

    private static void Return(Socket server, Socket client)
    {
        using (client)
        using (server)
        {
            var chunk = new byte[ChunkBytes];
            while (server.Receive(chunk) is > 0 and var read)
                SendAll(client, chunk.AsSpan(0, read));
        }
    }

    private static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    private static void Run(Action work) => new Thread(() =>
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // One side is gone, or the run is over: what is disposed of, or was before it listened, says so.
        }
    }) { IsBackground = true, Name = nameof(SlowWire) }.Start();

    private static void Sleep(TimeSpan time)
    {
        var wish = new TimeSpec { Nanoseconds = (nint)(time.Ticks * TimeSpan.NanosecondsPerTick) };
        _ = NanoSleep(ref wish, 0); // woken early is only a little less of a delay
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    private static extern int NanoSleep(ref TimeSpec wish, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
