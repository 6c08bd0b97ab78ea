using System.Net;
using System.Security.Cryptography;
using System.Text;
using MorningAI.Cluster;
using MorningAI.Silo.Kubernetes;
using MorningAI.Workers;

namespace MorningAI.Silo;

/// <summary>A silo's settings, checked and made definite: what <see cref="SiloHost"/> builds from.</summary>
internal sealed record SiloPlan
{
    /// <summary>Of cluster and service; two systems on one Redis differ in them.</summary>
    public required string ClusterId { get; init; }

    public required string ServiceId { get; init; }

    public required WorkerName Name { get; init; }

    public required IPAddress Address { get; init; }

    public required int HttpPort { get; init; }

    public required int SiloPort { get; init; }

    public required int GatewayPort { get; init; }

    /// <summary>A StackExchange.Redis string; null for the embedded store.</summary>
    public required string? Redis { get; init; }

    /// <summary>Other silos, <c>host:silo-port</c> each: whom to wait for where the membership table is blank.</summary>
    public required IReadOnlyList<string> Peers { get; init; }

    public SiloRole Role { get; init; }

    /// <summary>What a caller must send; null where loopback is the only door.</summary>
    public required byte[]? ApiKeyHash { get; init; }

    /// <summary>The pod it runs in; null where it is none, or one that does not take part in Orleans' Kubernetes hosting.</summary>
    public PodIdentity? Pod { get; init; }

    public Uri Url => new UriBuilder("http", Address.ToString(), HttpPort).Uri;

    /// <exception cref="SiloStartException">A setting cannot be used; the message says which and how to mend it.</exception>
    public static SiloPlan Of(SiloSettings settings) => Of(settings, Environment.GetEnvironmentVariable);

    /// <param name="variable">Reads an environment variable.</param>
    /// <inheritdoc cref="Of(SiloSettings)"/>
    public static SiloPlan Of(SiloSettings settings, Func<string, string?> variable)
    {
        if (!IPAddress.TryParse(settings.Host, out var address))
            throw new SiloStartException($"'{settings.Host}' is not an IP address: --host takes one of this machine's, as 127.0.0.1.");
        var key = ReadApiKey(variable);
        if (key is null && !IPAddress.IsLoopback(address))
            throw new SiloStartException($"Listening on {address} lets others in: set MORNINGAI_API_KEY (or MORNINGAI_API_KEY_FILE) first, or stay on 127.0.0.1.");

        var siloPort = Ports.Claim(address, settings.SiloPort, "silo", "--silo-port");
        var text = settings.Name ?? $"{Environment.MachineName}-{siloPort}";
        if (!WorkerName.TryParse(text, out var name))
            throw new SiloStartException($"'{text}' is not a silo name: --name takes 1 to 128 letters, digits, '_', '-' and '.'.");
        var plan = new SiloPlan
        {
            ClusterId = variable("MORNINGAI_CLUSTER_ID") is { Length: > 0 } cluster ? cluster : "morningai",
            ServiceId = variable("MORNINGAI_SERVICE_ID") is { Length: > 0 } service ? service : "morningai",
            Name = name,
            Address = address,
            HttpPort = Ports.Claim(address, settings.HttpPort, "HTTP", "--http"),
            SiloPort = siloPort,
            GatewayPort = Ports.Claim(address, settings.GatewayPort, "gateway", "--gateway-port"),
            Redis = ReadRedis(settings.Redis),
            Peers = ReadPeers(variable("MORNINGAI_PEERS")),
            ApiKeyHash = key is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key)),
            Role = settings.Role,
            Pod = PodIdentity.Read(variable),
        };
        plan.Pod?.MustBe(plan);
        return plan;
    }

    private static string? ReadRedis(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return null;
        try
        {
            return RedisUrl.ToConfiguration(setting);
        }
        catch (FormatException e)
        {
            throw new SiloStartException(e.Message, e);
        }
    }

    private static string[] ReadPeers(string? setting)
    {
        var peers = (setting ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var peer in peers)
        {
            var colon = peer.LastIndexOf(':');
            if (colon <= 0 || !ushort.TryParse(peer.AsSpan(colon + 1), out var port) || port == 0)
                throw new SiloStartException($"MORNINGAI_PEERS names '{peer}', which is not host:silo-port. Separate several with commas.");
        }

        return peers;
    }

    private static string? ReadApiKey(Func<string, string?> variable)
    {
        if (variable("MORNINGAI_API_KEY") is { Length: > 0 } key)
            return key;
        if (variable("MORNINGAI_API_KEY_FILE") is not { Length: > 0 } file)
            return null;
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } read ? read : throw new SiloStartException($"MORNINGAI_API_KEY_FILE names {file}, which is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SiloStartException($"MORNINGAI_API_KEY_FILE names {file}, which cannot be read: {e.Message}", e);
        }
    }
}
