using System.Net.Sockets;
using System.Security.Authentication;

namespace MorningAI.Diagnosis;

/// <summary>What a step's exception means and how to mend it.</summary>
internal static class ProbeFaults
{
    public static bool IsOne(Exception exception) =>
        exception is SocketException or IOException or TimeoutException or AuthenticationException or RespFormatException or ObjectDisposedException;

    public static Verdict Of(string step, Exception exception, ProbeSession session)
    {
        var target = session.Target;
        return step switch
        {
            ProbeSteps.Dns when exception is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => UnknownHost(target),
            ProbeSteps.Dns => Verdict.Failed("dns_unavailable", $"The name server did not say what address {target.Host} has: {Words(exception)}.", "Look at this machine's name servers (/etc/resolv.conf), or put the address itself into REDIS_URL."),
            ProbeSteps.Tcp => OfTcp(exception, target),
            ProbeSteps.Tls when exception is TimeoutException => Verdict.Failed("tls_timeout", $"It takes connections and did not answer the TLS handshake within {Seconds(session.Limit)}.", "The server is stopped or overloaded, or this port speaks something else: look at its processor and its log."),
            ProbeSteps.Tls => Verdict.Failed("tls_refused", $"The TLS handshake failed: {Words(exception)}.", "Look at Redis' log: does it ask for a client's certificate (tls-auth-clients), or for another TLS version (tls-protocols)?"),
            // Who takes connections and answers nothing fails at PING, whatever it was asked first.
            _ when exception is TimeoutException && step == ProbeSteps.Auth => NoAnswer(session) with { At = ProbeSteps.Ping },
            ProbeSteps.Ping when exception is TimeoutException => NoAnswer(session),
            _ when exception is TimeoutException => Verdict.Failed($"{step}_timeout", $"Redis did not answer within {Seconds(session.Limit)}, though it answers PING.", "It is overloaded, or a slow command holds it: morningai redis info shows the slow log."),
            _ when exception is RespFormatException => Verdict.Failed("ping_not_redis", $"What listens on port {target.Port} is no Redis: {Words(exception)}.", "Compare host and port in REDIS_URL with Redis' own.") with { At = ProbeSteps.Ping },
            ProbeSteps.Auth => Closed(ProbeSteps.Ping, exception) with { At = ProbeSteps.Ping },
            _ => Closed(step, exception),
        };
    }

    public static Verdict UnknownHost(RedisTarget target) =>
        Verdict.Failed("dns_unknown_host", $"No address is known for the name {target.Host}.", "Look for typing errors in REDIS_URL's host. In Kubernetes a service of another namespace is named service.namespace.");

    public static Verdict PlainServer(RedisTarget target) =>
        Verdict.Failed("tls_plain_server", $"Port {target.Port} answers without TLS, and the URL asks for TLS.", "Write redis:// in place of rediss://, or name Redis' TLS port (tls-port in redis.conf).");

    public static Verdict TlsServer(RedisTarget target) =>
        Verdict.Failed("tls_needed", $"Port {target.Port} speaks TLS, and the URL asks for none.", "Write rediss:// in place of redis://, or name Redis' port without TLS.") with { At = ProbeSteps.Tls };

    private static Verdict OfTcp(Exception exception, RedisTarget target) => exception switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            Verdict.Failed("tcp_refused", $"{target.Host} is there, and nothing listens on port {target.Port}.", "Does Redis run? Compare the port in REDIS_URL with 'port' in redis.conf, and see that 'bind' there has an address that is reached from here."),
        TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } =>
            Verdict.Failed("tcp_timeout", $"{target.Host} does not answer on port {target.Port}: packets are lost on the way, or the machine is down.", "Look at firewalls, security groups and network policies between here and there, and whether the machine runs."),
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown } =>
            Verdict.Failed("tcp_unreachable", $"There is no way from here to {target.Host}: {Words(exception)}.", "Look at routes, the VPN, and whether the machine runs."),
        _ => Verdict.Failed("tcp_failed", $"{target.Host} cannot be connected to on port {target.Port}: {Words(exception)}.", "Look at the network between here and there."),
    };

    private static Verdict Closed(string step, Exception exception) =>
        Verdict.Failed($"{step}_closed", $"The connection was closed without an answer: {Words(exception)}.", "Look at Redis' log, and at what is between: a proxy with nothing behind it, or a firewall that ends connections.");

    private static Verdict NoAnswer(ProbeSession session) =>
        Verdict.Failed("ping_timeout", $"It takes connections and answered nothing within {Seconds(session.Limit)}.", "Redis is stopped (SIGSTOP, a paused container), swapping, or held by a slow command or a full disk: look at its processor and its log. If it does not come back, restart it.");

    private static string Words(Exception exception) => OneLine.Of((exception.InnerException as SocketException)?.Message ?? exception.Message).TrimEnd('.');

    private static string Seconds(TimeSpan span) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");
}
