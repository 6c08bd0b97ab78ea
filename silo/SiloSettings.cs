namespace MorningAI.Silo;

/// <summary>Where one silo listens and what it stands on. Filled from the command line, then the environment, then these defaults.</summary>
public sealed record SiloSettings
{
    /// <summary>Default: the machine's name and the silo port. Stable over restarts: the worker and its history go by it.</summary>
    public string? Name { get; init; }

    /// <summary>A <c>redis://</c> or <c>rediss://</c> URL or a StackExchange.Redis string; null for the embedded store in <see cref="DataDirectory"/>.</summary>
    public string? Redis { get; init; }

    /// <summary>The address that HTTP, the silo port and the gateway listen on. Default: loopback.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Default: 8080. 0 takes a free one.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>Silo to silo. Default: 11111. 0 takes a free one.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Client library to silo. Default: 30000. 0 takes a free one.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Default: <c>./data</c>.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Default: everything.</summary>
    public SiloRole Role { get; init; }

    /// <summary>False for a silo that serves one call of the command line: no banner, only warnings in the log.</summary>
    public bool Foreground { get; init; } = true;

    /// <summary>From <c>REDIS_URL</c> and <c>MORNINGAI_NAME, _HOST, _HTTP_PORT, _SILO_PORT, _GATEWAY_PORT, _DATA</c>.</summary>
    /// <exception cref="SiloStartException">A port is not a number.</exception>
    public static SiloSettings FromEnvironment()
    {
        var defaults = new SiloSettings();
        return defaults with
        {
            Name = Text("MORNINGAI_NAME"),
            Redis = Text("REDIS_URL"),
            Host = Text("MORNINGAI_HOST") ?? defaults.Host,
            HttpPort = Port("MORNINGAI_HTTP_PORT") ?? defaults.HttpPort,
            SiloPort = Port("MORNINGAI_SILO_PORT") ?? defaults.SiloPort,
            GatewayPort = Port("MORNINGAI_GATEWAY_PORT") ?? defaults.GatewayPort,
            DataDirectory = Text("MORNINGAI_DATA") ?? defaults.DataDirectory,
            Role = ReadRole(Text("MORNINGAI_ROLE")),
        };
    }

    /// <exception cref="SiloStartException">It is no role.</exception>
    public static SiloRole ReadRole(string? text) => text switch
    {
        null or "all" => SiloRole.All,
        "api" => SiloRole.Api,
        "worker" => SiloRole.Worker,
        _ => throw new SiloStartException($"'{text}' is not a role: use all, api or worker."),
    };

    private static string? Text(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private static int? Port(string name) => Text(name) is not { } text
        ? null
        : int.TryParse(text, out var port) ? port : throw new SiloStartException($"{name} is '{text}', which is not a port number.");
}

/// <summary>What a silo does for the cluster. Grains are placed on all of them.</summary>
public enum SiloRole
{
    All,

    /// <summary>It takes requests; its worker runs nothing.</summary>
    Api,

    /// <summary>It runs tasks; of HTTP it answers health, operations and metrics only.</summary>
    Worker,
}
