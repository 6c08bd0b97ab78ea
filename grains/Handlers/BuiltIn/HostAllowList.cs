using System.Net;
using System.Net.Sockets;

namespace MorningAI.Handlers.BuiltIn;

/// <summary>Decides which address a task may connect to. Pure: asked once the name is resolved, with what it resolved to.</summary>
public sealed class HostAllowList
{
    private readonly List<string> _names = [];
    private readonly List<IPNetwork> _networks = [];

    /// <exception cref="FormatException">An entry is neither a host, an address nor a network; the message says which.</exception>
    public HostAllowList(IReadOnlyCollection<string> entries)
    {
        foreach (var entry in entries)
            Add(entry.Trim());
        if (entries.Count == 0)
            _networks.AddRange([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")]);
    }

    /// <param name="host">The name in the URL.</param>
    /// <param name="address">The address that a connection to it would go to.</param>
    public bool Permits(string host, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Exists(n => n.Contains(plain)) || (!IsLinkLocal(plain) && _names.Exists(name => Matches(name, host)));
    }

    /// <summary>Clouds serve their machines' credentials on link-local addresses: a name is not enough to get there.</summary>
    private static bool IsLinkLocal(IPAddress address) =>
        address.IsIPv6LinkLocal || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, _, _]);

    private static bool Matches(string name, string host) => name.StartsWith("*.", StringComparison.Ordinal)
        ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase)
        : host.TrimEnd('.').Equals(name, StringComparison.OrdinalIgnoreCase);

    private void Add(string entry)
    {
        if (IPNetwork.TryParse(entry, out var network))
            _networks.Add(network);
        else if (IPAddress.TryParse(entry, out var address))
            _networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
        else if (Uri.CheckHostName(entry.StartsWith("*.", StringComparison.Ordinal) ? entry[2..] : entry) == UriHostNameType.Dns)
            _names.Add(entry);
        else
            throw new FormatException($"'{entry}' in {HttpHandlerOptions.Section}:AllowedHosts is not a host (api.example.com, *.example.com), an address or a network (10.0.0.0/8). Leave out scheme, port and path.");
    }
}
