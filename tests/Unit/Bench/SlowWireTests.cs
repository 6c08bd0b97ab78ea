using System.Net;
using System.Net.Sockets;
using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Tests.Unit.Benching;

public sealed class SlowWireTests : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SlowWire _wire;

    public SlowWireTests()
    {
        _listener.Start();
        _wire = new SlowWire(((IPEndPoint)_listener.LocalEndpoint).Port, Delay, TimeProvider.System);
    }

    public void Dispose()
    {
        _wire.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task SlowWire_ThereAndBack_AllBytesInOrderAndNoSooner()
    {
        using var limit = Within();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _wire.Port, limit.Token);
        using var server = await _listener.AcceptTcpClientAsync(limit.Token);
        var sent = Enumerable.Range(0, 300_000).Select(n => (byte)(n % 251)).ToArray();

        var began = TimeProvider.System.GetTimestamp();
        var (there, back) = (new byte[sent.Length], new byte[sent.Length]);
        await Task.WhenAll(
            client.GetStream().WriteAsync(sent, limit.Token).AsTask(),
            server.GetStream().ReadExactlyAsync(there, limit.Token).AsTask());
        await Task.WhenAll(
            server.GetStream().WriteAsync(there, limit.Token).AsTask(),
            client.GetStream().ReadExactlyAsync(back, limit.Token).AsTask());

        Assert.True(TimeProvider.System.GetElapsedTime(began) >= Delay);
        Assert.Equal(sent, back);
    }

    [Fact]
    public async Task SlowWire_ClientLeaves_ServerSeesIt()
    {
        using var limit = Within();
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _wire.Port, limit.Token);
        using var server = await _listener.AcceptTcpClientAsync(limit.Token);

        client.Dispose();

        Assert.Equal(0, await server.GetStream().ReadAsync(new byte[1], limit.Token));
    }

    private static CancellationTokenSource Within()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        return limit;
    }
}
