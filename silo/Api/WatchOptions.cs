namespace MorningAI.Silo.Api;

/// <summary>Event streams over HTTP.</summary>
internal sealed class WatchOptions
{
    /// <summary>Streams at a time on one silo; a further one is told to come again. Default: 1,000.</summary>
    public int MaxStreams { get; set; } = 1000;

    /// <summary>How often a stream without events says that it lives, so that proxies keep it and clients notice its death. Default: 10 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stream stays open whose task cannot be read, before its client is sent to look elsewhere. Default: 1 min.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);
}
