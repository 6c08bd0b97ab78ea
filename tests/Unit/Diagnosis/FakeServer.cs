using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MorningAI.Tests.Unit.Diagnosis;

/// <summary>Something that listens on a loopback port, and says to every connection what a test wants.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private FakeServer(Func<Stream, CancellationToken, Task> serve)
    {
        _listener.Start();
        _loop = Task.Run(() => Accept(serve));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static FakeServer Serving(Func<Stream, CancellationToken, Task> serve) => new(serve);

    /// <summary>Answers each thing that it reads with the next reply; the last one stays.</summary>
    public static FakeServer Answering(params string[] replies) => new(async (stream, token) =>
    {
        var buffer = new byte[4096];
        for (var i = 0; await stream.ReadAsync(buffer, token) > 0; i++)
            await stream.WriteAsync(Encoding.UTF8.GetBytes(replies[Math.Min(i, replies.Length - 1)]), token);
    });

    /// <summary>With a certificate that nobody has signed but itself.</summary>
    public static FakeServer SpeakingTls(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return new(async (stream, token) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, token);
            while (await tls.ReadAsync(new byte[100], token) > 0)
            {
                // It listens.
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.InTime();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task Accept(Func<Stream, CancellationToken, Task> serve)
    {
        var served = new List<Task>();
        try
        {
            while (true)
                served.Add(Serve(await _listener.AcceptTcpClientAsync(_stop.Token), serve));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }

        await Task.WhenAll(served);
    }

    private async Task Serve(TcpClient client, Func<Stream, CancellationToken, Task> serve)
    {
        using var _ = client;
        try
        {
            await serve(client.GetStream(), _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // Whoever asked has gone.
        }
    }
}
