using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace MorningAI.Cluster.Membership;

/// <summary>
/// A blank table is a new cluster's, or one that Redis lost while its silos live on. Those put it back as soon as they
/// notice; so whoever finds it blank gives them that time before it makes a new one
/// (<see cref="MembershipOptions.WaitForTable"/>), and longer where a silo that it knows of still listens. Should the
/// table come back later than that, both are healed into one (<see cref="MembershipHealing"/>).
/// </summary>
internal sealed partial class MembershipStart(IMembershipRows rows, BlankTable blank, MembershipOptions options, LastMembers last, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Say = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;

    /// <summary>Returns once there is a table with somebody in it, or a new one may be made.</summary>
    public async Task Wait(IPEndPoint self, CancellationToken cancellationToken)
    {
        try
        {
            if (!options.IsAlone)
                await WaitForOthers(self, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            blank.End();
        }
    }

    private async Task WaitForOthers(IPEndPoint self, CancellationToken cancellationToken)
    {
        var peers = last.Read().Concat(await Resolve(options.Peers, cancellationToken).ConfigureAwait(false)).Where(p => !p.Equals(self)).Distinct().ToArray();
        var listening = Task.FromResult<IPEndPoint?>(null);
        long lastAsked = 0, lastSaid = time.GetTimestamp();
        while ((await rows.Read().ConfigureAwait(false)).IsBlank)
        {
            if (peers.Length > 0 && listening.IsCompleted && (lastAsked == 0 || time.GetElapsedTime(lastAsked) > ConnectLimit))
            {
                lastAsked = time.GetTimestamp();
                listening = FindListening(peers, cancellationToken);
            }

            var peer = listening.IsCompleted ? await listening.ConfigureAwait(false) : null;
            var limit = peer is not null ? options.WaitForPeers : peers.Length > 0 ? ConnectLimit + options.WaitForTable : options.WaitForTable;
            var left = limit - blank.For;
            if (left <= TimeSpan.Zero)
            {
                LogBlank(peers.Length);
                return;
            }

            if (peer is not null && time.GetElapsedTime(lastSaid) > Say)
            {
                LogWaiting(peer);
                lastSaid = time.GetTimestamp();
            }

            await Task.Delay(left < Look ? left : Look, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<IPEndPoint?> FindListening(IPEndPoint[] peers, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(peers.Select(async peer => await Listens(peer, cancellationToken).ConfigureAwait(false) ? peer : null)).ConfigureAwait(false);
        return found.FirstOrDefault(p => p is not null);
    }

    private static async Task<bool> Listens(IPEndPoint peer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        using var socket = new Socket(peer.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(peer, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<IEnumerable<IPEndPoint>> Resolve(IEnumerable<string> peers, CancellationToken cancellationToken)
    {
        List<IPEndPoint> found = [];
        foreach (var peer in peers)
        {
            if (IPEndPoint.TryParse(peer, out var endpoint))
            {
                found.Add(endpoint);
                continue;
            }

            var colon = peer.LastIndexOf(':');
            try
            {
                foreach (var address in await Dns.GetHostAddressesAsync(peer[..colon], cancellationToken).ConfigureAwait(false))
                    found.Add(new IPEndPoint(address, int.Parse(peer.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture)));
            }
            catch (SocketException e)
            {
                LogUnknownPeer(peer, e.Message); // as for a pod that is not there yet
            }
        }

        return found;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The membership table is blank, and none of {Peers} known peers put it back: this silo makes a new one")]
    private partial void LogBlank(int peers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The membership table is blank, but {Peer} listens: Redis was emptied, or that silo starts, too. Waiting for the table")]
    private partial void LogWaiting(IPEndPoint peer);

    [LoggerMessage(Level = LogLevel.Information, Message = "The peer {Peer} has no address now ({Reason})")]
    private partial void LogUnknownPeer(string peer, string reason);
}
