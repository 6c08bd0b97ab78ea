using System.Net;
using System.Net.Sockets;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>Ports on loopback that nobody has.</summary>
internal static class FreePort
{
    /// <summary>Below the ports that Linux gives to outgoing connections (32768 on): one of those could be taken by anybody before it is listened on.</summary>
    private const int Lowest = 12_000, Beyond = 32_000;

    public static int Next()
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = Random.Shared.Next(Lowest, Beyond);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException) when (attempt < 100)
            {
                // Taken: another one.
            }
        }
    }
}
