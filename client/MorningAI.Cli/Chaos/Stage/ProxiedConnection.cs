using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>One connection through the proxy. When either side ends, both do.</summary>
internal sealed class ProxiedConnection(TcpProxy proxy, Socket client) : IDisposable
{
    private const int ChunkBytes = 64 << 10;

    /// <summary>On the wire at a time, each way: a wire is long, not narrow.</summary>
    private const int ChunksUnderWay = 1024;

    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public bool HasLostBytes { get; private set; }

    public async Task Run(IPEndPoint target, CancellationToken cancellationToken)
    {
        client.NoDelay = true;
        await _server.ConnectAsync(target, cancellationToken);
        await await Task.WhenAny(Wire(client, _server, cancellationToken), Wire(_server, client, cancellationToken));
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    private async Task Wire(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var wire = Channel.CreateBounded<(byte[] Bytes, TimeSpan Due)>(ChunksUnderWay);
        await await Task.WhenAny(Take(from, wire.Writer, cancellationToken), Deliver(wire.Reader, to, cancellationToken));
    }

    /// <summary>Ends with the sender; what is under way then is lost with the connection.</summary>
    private async Task Take(Socket from, ChannelWriter<(byte[] Bytes, TimeSpan Due)> wire, CancellationToken cancellationToken)
    {
        var chunk = new byte[ChunkBytes];
        while (await from.ReceiveAsync(chunk, cancellationToken) is > 0 and var read)
        {
            if (proxy.Swallows(read))
                HasLostBytes = true;
            else
                await wire.WriteAsync((chunk[..read], proxy.DueOfNextChunk()), cancellationToken);
        }
    }

    private async Task Deliver(ChannelReader<(byte[] Bytes, TimeSpan Due)> wire, Socket to, CancellationToken cancellationToken)
    {
        await foreach (var (bytes, due) in wire.ReadAllAsync(cancellationToken))
        {
            await proxy.Until(due, cancellationToken);
            for (var sent = 0; sent < bytes.Length;)
                sent += await to.SendAsync(bytes.AsMemory(sent), cancellationToken);
        }
    }
}
