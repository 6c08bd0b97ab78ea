using System.Net;
using System.Net.Sockets;

namespace MorningAI.Silo;

internal static class Ports
{
    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <returns>The port to use: a free one for 0.</returns>
    /// <exception cref="SiloStartException">The port is taken or not allowed.</exception>
    public static int Claim(IPAddress address, int port, string what, string option)
    {
        if (port is < 0 or > 65535)
            throw new SiloStartException($"{port} is not a port: {option} takes 1 to 65535, or 0 for a free one.");
        try
        {
            // Tried and let go: the servers that need it give errors that only a programmer can read.
            using var listener = new TcpListener(address, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new SiloStartException($"Port {port} ({what}) on {address} is in use. Stop what has it, or choose another with {option}.", e);
        }
        catch (SocketException e)
        {
            throw new SiloStartException($"Port {port} ({what}) on {address} cannot be opened: {e.Message}. Choose another with {option}.", e);
        }
    }
}
