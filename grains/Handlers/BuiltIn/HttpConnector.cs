using System.Net;
using System.Net.Sockets;

namespace MorningAI.Handlers.BuiltIn;

/// <summary>
/// Opens the connections of the <c>http</c> kind. It resolves the name itself and connects to the very address that it
/// checked, so a name that resolves differently a moment later (DNS rebinding) gains nothing.
/// </summary>
internal sealed class HttpConnector(HostAllowList allowed)
{
    /// <exception cref="HostForbiddenException">None of the host's addresses is allowed.</exception>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var known = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        var permitted = known.Where(a => allowed.Permits(host, a)).ToArray();
        if (permitted.Length == 0)
            throw new HostForbiddenException(host);

        for (var i = 0; ; i++)
        {
            var socket = new Socket(permitted[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(permitted[i], port), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i + 1 < permitted.Length)
            {
                // The next address may answer; the last one's error is the caller's.
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}

/// <summary>A task wanted to connect to where it may not.</summary>
internal sealed class HostForbiddenException(string host) : Exception(
    $"Connecting to '{host}' is not allowed. An operator can add the host or its address to {HttpHandlerOptions.Section}:AllowedHosts; without entries, only loopback is allowed.");
