using System.Globalization;
using System.Net;
using MorningAI.Cluster;
using StackExchange.Redis;

namespace MorningAI.Diagnosis;

/// <summary>The Redis that settings name, taken apart for a look at every step on the way there. Its text never shows the password.</summary>
public sealed class RedisTarget
{
    /// <summary>StackExchange.Redis' own default where TLS is asked for and no port is named.</summary>
    private const int DefaultTlsPort = 6380;

    private RedisTarget(string host, int port) => (Host, Port) = (host, port);

    public string Host { get; }

    public int Port { get; }

    public bool Tls { get; private init; }

    /// <summary>Whom the certificate must name.</summary>
    public string TlsHost { get; private init; } = "";

    public string? User { get; private init; }

    public int Database { get; private init; }

    /// <summary>The settings name a Sentinel, which knows the primary and is none itself.</summary>
    public bool IsSentinel { get; private init; }

    internal string? Password { get; private init; }

    /// <param name="urlOrConfiguration">As <see cref="RedisUrl.ToConfiguration"/> takes it. Of several servers the first.</param>
    /// <exception cref="FormatException">It cannot be read; the message holds no part of the password.</exception>
    public static RedisTarget Of(string urlOrConfiguration)
    {
        try
        {
            return Of(ConfigurationOptions.Parse(RedisUrl.ToConfiguration(urlOrConfiguration)));
        }
        catch (ArgumentException)
        {
            // Its message could hold what it could not read: a password with a comma, mostly.
            throw new FormatException("The Redis setting is not one that StackExchange.Redis reads. Use redis://host:6379 or host:6379,option=value.");
        }
    }

    /// <summary>Of several servers the first.</summary>
    /// <exception cref="FormatException">It has no host and port, but a path.</exception>
    public static RedisTarget Of(ConfigurationOptions options)
    {
        var (host, port) = options.EndPoints.FirstOrDefault() switch
        {
            DnsEndPoint name => (name.Host, name.Port),
            IPEndPoint address => (address.Address.ToString(), address.Port),
            _ => throw new FormatException("The Redis setting names no host and port, which is all that can be diagnosed: write redis://host:6379."),
        };
        return new RedisTarget(host, port > 0 ? port : options.Ssl ? DefaultTlsPort : RedisUrl.DefaultPort)
        {
            Tls = options.Ssl,
            TlsHost = string.IsNullOrEmpty(options.SslHost) ? host : options.SslHost,
            User = string.IsNullOrEmpty(options.User) ? null : options.User,
            Password = string.IsNullOrEmpty(options.Password) ? null : options.Password,
            Database = options.DefaultDatabase ?? 0,
            IsSentinel = !string.IsNullOrEmpty(options.ServiceName),
        };
    }

    /// <summary>As a URL, with <c>***</c> for the password.</summary>
    public override string ToString()
    {
        var credentials = Password is null ? "" : $"{User}:***@";
        var host = Host.Contains(':') ? $"[{Host}]" : Host;
        return string.Create(CultureInfo.InvariantCulture, $"{(Tls ? "rediss" : "redis")}://{credentials}{host}:{Port}{(Database > 0 ? $"/{Database}" : "")}");
    }
}
