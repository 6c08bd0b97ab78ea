using System.Net;

namespace MorningAI.Diagnosis;

/// <summary>One step: its name, and what it does. It throws what the network throws.</summary>
internal sealed record ProbeStep(string Name, Func<ProbeSession, CancellationToken, Task<Verdict>> Take);

/// <summary>The way to Redis. Each step stands on those before it.</summary>
internal static class ProbeSteps
{
    public const string Dns = "dns", Tcp = "tcp", Tls = "tls", Auth = "auth", Ping = "ping", Role = "role", Write = "write";

    /// <summary>Until it answers.</summary>
    public static readonly IReadOnlyList<ProbeStep> ToPing =
    [
        new(Dns, Resolve),
        new(Tcp, Connect),
        new(Tls, TlsProbe.Secure),
        new(Auth, Authenticate),
        new(Ping, AskPing),
    ];

    /// <summary>Until it is known to do what a silo needs.</summary>
    public static readonly IReadOnlyList<ProbeStep> All = [.. ToPing, new(Role, AskRole), new(Write, WriteProbe.Write)];

    private static async Task<Verdict> Resolve(ProbeSession session, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(session.Target.Host, out var address))
        {
            session.Addresses = [address];
            return Verdict.Skipped("an address: nothing to look up");
        }

        session.Addresses = await System.Net.Dns.GetHostAddressesAsync(session.Target.Host, cancellationToken).ConfigureAwait(false);
        return session.Addresses.Count > 0
            ? Verdict.Ok(string.Join(", ", session.Addresses.Take(4)))
            : ProbeFaults.UnknownHost(session.Target);
    }

    private static async Task<Verdict> Connect(ProbeSession session, CancellationToken cancellationToken)
    {
        session.Stream = await session.Connect(cancellationToken).ConfigureAwait(false);
        return Verdict.Ok($"{session.Connected} takes connections on port {session.Target.Port}");
    }

    private static async Task<Verdict> Authenticate(ProbeSession session, CancellationToken cancellationToken)
    {
        if (session.Target is not { Password: { } password } target)
            return Verdict.Skipped("the URL has no password");
        string[] words = target.User is { } user ? ["AUTH", user, password] : ["AUTH", password];
        var reply = await session.Redis.Call(cancellationToken, words).ConfigureAwait(false);
        if (!reply.IsError)
            return Verdict.Ok(target.User is null ? "the password is right" : $"user '{OneLine.Of(target.User, 40)}' and password are right");
        if (IsNotNeeded(reply))
            return Verdict.Ok("Redis has no password: the URL's is not needed");
        // Older ones have no word of its own for it: "ERR invalid password".
        return reply.Text.Contains("invalid", StringComparison.OrdinalIgnoreCase)
            ? ErrorReplies.Explain(reply with { Text = "WRONGPASS" }, Auth, "log in")
            : ErrorReplies.Explain(reply, Auth, "log in");
    }

    /// <summary>"Client sent AUTH, but no password is set", before version 6; "AUTH &lt;password&gt; called without any password configured", since.</summary>
    private static bool IsNotNeeded(RespReply reply) =>
        reply.Text.Contains("no password is set", StringComparison.Ordinal) || reply.Text.Contains("without any password", StringComparison.Ordinal);

    private static async Task<Verdict> AskPing(ProbeSession session, CancellationToken cancellationToken)
    {
        var reply = await session.Redis.Call(cancellationToken, "PING").ConfigureAwait(false);
        if (reply.Text == "PONG")
            return Verdict.Ok("PONG");
        return reply.IsError
            ? ErrorReplies.Explain(reply, reply.ErrorCode == "NOPERM" ? Auth : Ping, "PING") with { At = AtOf(reply) }
            : throw new RespFormatException($"it answered '{OneLine.Of(reply.Text)}' to PING");
    }

    /// <summary>Who may not even PING is not let in.</summary>
    private static string? AtOf(RespReply reply) => reply.ErrorCode is "NOPERM" or "NOAUTH" or "DENIED" or "WRONGPASS" ? Auth : null;

    private static async Task<Verdict> AskRole(ProbeSession session, CancellationToken cancellationToken)
    {
        var reply = await session.Redis.Call(cancellationToken, "INFO").ConfigureAwait(false);
        if (reply.IsError)
            return reply.ErrorCode == "NOPERM" ? Verdict.Skipped("not known: the user may not ask INFO") : ErrorReplies.Explain(reply, Role, "ask INFO");
        session.Info = InfoText.Parse(reply.Text);
        return RoleOf(session.Info, session.Target);
    }

    internal static Verdict RoleOf(IReadOnlyDictionary<string, string> info, RedisTarget target)
    {
        if (info.GetValueOrDefault("redis_mode") == "sentinel")
        {
            return target.IsSentinel
                ? Verdict.Ok("a Sentinel, as the settings say; the primary that it knows is not looked at")
                : Verdict.Failed("role_sentinel", "This is a Sentinel: it watches a Redis, and is none.", "Name the primary (redis://host:6379), or give serviceName in a StackExchange.Redis string.");
        }

        if (info.GetValueOrDefault("role") == "slave")
        {
            var primary = $"{info.GetValueOrDefault("master_host")}:{info.GetValueOrDefault("master_port")}";
            return Verdict.Failed("role_replica", $"This is a replica of {OneLine.Of(primary)}: it takes no writes, or loses them.", $"Name the primary in REDIS_URL ({OneLine.Of(primary)}), or promote this one with REPLICAOF NO ONE if the primary is gone for good.");
        }

        return Verdict.Ok(info.GetValueOrDefault("cluster_enabled") == "1" ? "a node of a Redis Cluster" : "primary");
    }
}
