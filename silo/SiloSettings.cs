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

    /// <summary>False for a silo that serves one call of the command line: no banner, only warnings in the log.</summary>
    public bool Foreground { get; init; } = true;
}
