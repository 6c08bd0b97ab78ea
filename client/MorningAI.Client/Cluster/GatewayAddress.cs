using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MorningAI.Client.Cluster;

/// <summary>A silo's gateway as its operator writes it: <c>host:port</c>.</summary>
internal readonly record struct GatewayAddress(string Host, int Port)
{
    /// <summary>Where a silo on this machine listens unless it was told otherwise.</summary>
    public static readonly GatewayAddress Default = new("127.0.0.1", 30000);

    public static bool TryParse([NotNullWhen(true)] string? text, out GatewayAddress address)
    {
        address = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0)
            return false;
        var host = text![..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':'))
            return false;
        if (Uri.CheckHostName(host) is UriHostNameType.Unknown
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
            return false;
        address = new GatewayAddress(host, port);
        return true;
    }

    /// <summary>All addresses of the name, as it may stand for many silos; IPv4 where there is any, since a silo advertises one family.</summary>
    public async Task<IPEndPoint[]> Resolve()
    {
        if (IPAddress.TryParse(Host, out var literal))
            return [new IPEndPoint(literal, Port)];
        var addresses = await Dns.GetHostAddressesAsync(Host).ConfigureAwait(false);
        var v4 = Array.FindAll(addresses, a => a.AddressFamily == AddressFamily.InterNetwork);
        var port = Port;
        return Array.ConvertAll(v4.Length > 0 ? v4 : addresses, a => new IPEndPoint(a, port));
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
