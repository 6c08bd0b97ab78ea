using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MorningAI.Cli.Chaos.Stage.Network;

/// <summary>
/// A network namespace and an address for each process, all on one bridge in a namespace of its own. Nothing of it is the
/// machine's but one interface, by which this process reaches the others.
/// </summary>
/// <remarks>
/// A cut sends what two members have for each other to a port of the bridge that nobody listens at: packets are lost without
/// an error, as on a broken network, and the port counts them. It needs no packet filter, which kernels may lack.
/// </remarks>
internal sealed class NamespaceNetwork : IStageNetwork
{
    private const string Common = "morningai-";
    private const string Sink = "sink";
    private const string SinkMac = "02:6d:61:69:ff:ff";
    private const int OwnHost = 1;
    private const int WireHost = 2;
    private const int FirstHost = 10;

    private readonly int _process = Environment.ProcessId;
    private readonly PrivateSubnet _subnet = PrivateSubnet.Free(Environment.ProcessId);
    private readonly List<string> _members = [];
    private readonly HashSet<(string, string)> _cuts = [];

    private NamespaceNetwork()
    {
    }

    private string Hub => Namespace("hub");

    private string OwnInterface => string.Create(CultureInfo.InvariantCulture, $"mai{_process}");

    public static string Prefix(int process) => string.Create(CultureInfo.InvariantCulture, $"{Common}{process}-");

    /// <exception cref="StageException">The system refused.</exception>
    public static async Task<NamespaceNetwork> Make(CancellationToken cancellationToken)
    {
        await SweepDeadRuns(cancellationToken);
        var network = new NamespaceNetwork();
        try
        {
            await network.MakeHub(cancellationToken);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public async Task Add(string member, CancellationToken cancellationToken)
    {
        if (_members.Contains(member))
            return;
        _members.Add(member);
        var (name, port) = (Namespace(member), string.Create(CultureInfo.InvariantCulture, $"p{_members.Count}"));
        await IpCommand.Ip($"netns add {name}", cancellationToken);
        await IpCommand.Ip($"-n {name} link set lo up", cancellationToken);
        await IpCommand.Ip($"-n {Hub} link add {port} type veth peer name eth0 netns {name}", cancellationToken);
        await IpCommand.Ip($"-n {Hub} link set {port} master br0 up", cancellationToken);
        await IpCommand.Ip($"-n {name} addr add {_subnet.WithLength(HostOf(member))} dev eth0", cancellationToken);
        await IpCommand.Ip($"-n {name} link set eth0 up", cancellationToken);
    }

    /// <summary>The proxy is in this process, and has an address of its own, so that it can be cut off alone.</summary>
    public IPAddress AddressOf(string member) => _subnet.Address(member == TcpProxy.Name ? WireHost : HostOf(member));

    public (string Program, string[] Before) In(string member, string program) => ("ip", ["netns", "exec", Namespace(member), program]);

    /// <summary>From now on what the two send each other is lost, both ways.</summary>
    public async Task Cut(string one, string other, CancellationToken cancellationToken)
    {
        if (!_cuts.Add((one, other)))
            return;
        foreach (var (from, to) in Ways(one, other))
            await IpCommand.Ip($"-n {Namespace(from)} neigh replace {AddressOf(to)} lladdr {SinkMac} dev eth0 nud permanent", cancellationToken);
    }

    public async Task MendAll(CancellationToken cancellationToken)
    {
        foreach (var (one, other) in _cuts)
        {
            foreach (var (from, to) in Ways(one, other))
                await IpCommand.Ip($"-n {Namespace(from)} neigh delete {AddressOf(to)} dev eth0", cancellationToken);
        }

        _cuts.Clear();
    }

    /// <summary>Packets lost in cuts so far.</summary>
    public async Task<long> LostPackets(CancellationToken cancellationToken)
    {
        using var shown = JsonDocument.Parse(await IpCommand.Ip($"-n {Hub} -s -j link show dev {Sink}", cancellationToken));
        return shown.RootElement[0].GetProperty("stats64").GetProperty("tx").GetProperty("packets").GetInt64();
    }

    /// <summary>Namespaces take their interfaces with them. What does not go is said and left: the next run tries again.</summary>
    public async ValueTask DisposeAsync()
    {
        await ShortProgram.Run("ip", ["link", "delete", OwnInterface], CancellationToken.None);
        await Delete(name => name.StartsWith(Prefix(_process), StringComparison.Ordinal), CancellationToken.None);
    }

    private async Task MakeHub(CancellationToken cancellationToken)
    {
        await IpCommand.Ip($"netns add {Hub}", cancellationToken);
        await IpCommand.Ip($"-n {Hub} link add br0 type bridge", cancellationToken);
        await IpCommand.Ip($"-n {Hub} link set br0 up", cancellationToken);
        await IpCommand.Ip($"link add {OwnInterface} type veth peer name p0 netns {Hub}", cancellationToken);
        await IpCommand.Ip($"-n {Hub} link set p0 master br0 up", cancellationToken);
        await IpCommand.Ip($"addr add {_subnet.WithLength(OwnHost)} dev {OwnInterface}", cancellationToken);
        await IpCommand.Ip($"addr add {_subnet.WithLength(WireHost)} dev {OwnInterface}", cancellationToken);
        await IpCommand.Ip($"link set {OwnInterface} up", cancellationToken);
        await MakeSink(cancellationToken);
    }

    /// <summary>Only what is addressed to it comes to it, so that what it counts is what cuts lose.</summary>
    private async Task MakeSink(CancellationToken cancellationToken)
    {
        await IpCommand.Ip($"-n {Hub} link add {Sink} type veth peer name {Sink}-end", cancellationToken);
        await IpCommand.Ip($"-n {Hub} link set {Sink}-end up", cancellationToken);
        await IpCommand.Ip($"-n {Hub} link set {Sink} master br0 up", cancellationToken);
        await IpCommand.Bridge($"-n {Hub} link set dev {Sink} flood off mcast_flood off bcast_flood off", cancellationToken);
        await IpCommand.Bridge($"-n {Hub} fdb add {SinkMac} dev {Sink} master static", cancellationToken);
    }

    /// <summary>To the proxy one way is lost only: the other is this process' own. No connection lives with half of it.</summary>
    private static IEnumerable<(string From, string To)> Ways(string one, string other) =>
        other == TcpProxy.Name ? [(one, other)] : [(one, other), (other, one)];

    private int HostOf(string member) => _members.IndexOf(member) is >= 0 and var index
        ? FirstHost + index
        : throw new InvalidOperationException($"{member} has no place in the network yet.");

    private string Namespace(string member) => Prefix(_process) + member;

    /// <summary>Of runs that were killed before they could.</summary>
    private static Task SweepDeadRuns(CancellationToken cancellationToken) => Delete(
        name => name.Split('-') is ["morningai", var process, ..] && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !IsAlive(id),
        cancellationToken);

    private static async Task Delete(Func<string, bool> which, CancellationToken cancellationToken)
    {
        var (_, list, _) = await ShortProgram.Run("ip", ["netns", "list"], cancellationToken);
        foreach (var name in list.Split('\n').Select(line => line.Split(' ')[0]).Where(which))
            await ShortProgram.Run("ip", ["netns", "delete", name], cancellationToken);
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
