namespace MorningAI.Client;

/// <summary>Where the cluster is and how patient the client is with it. Checked when the host starts.</summary>
public sealed class MorningAIClientOptions
{
    /// <summary>
    /// The Redis that the silos meet in: a <c>redis://</c> or <c>rediss://</c> URL or a StackExchange.Redis string. The
    /// client only reads there, to find the silos. Default: none; see <see cref="Gateways"/>.
    /// </summary>
    public string? Redis { get; set; }

    /// <summary>
    /// The silos' gateways as <c>host:port</c>, where no <see cref="Redis"/> is given. Names are looked up anew every few
    /// seconds, and all their addresses are used. Default: empty, which means <c>127.0.0.1:30000</c>.
    /// </summary>
    public IList<string> Gateways { get; set; } = [];

    /// <summary>Which cluster; must be the silos' own. Default: <c>morningai</c>.</summary>
    public string ClusterId { get; set; } = "morningai";

    /// <summary>Which service; must be the silos' own. Default: <c>morningai</c>.</summary>
    public string ServiceId { get; set; } = "morningai";

    /// <summary>
    /// How long the host's start waits for a first silo before it fails with <see cref="StoreUnavailableException"/>; it
    /// logs meanwhile what it waits for. Default: <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long a submit is repeated, always with the same id, before it ends as uncertain. Default: 30 s.</summary>
    public TimeSpan SubmitTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long get and cancel are repeated before they end with <see cref="StoreUnavailableException"/>. Default: 30 s.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a single call may stay unanswered before it is sent again. Default: 3 s; a silo needs about 1 s at most to accept, also while its Redis hangs.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long wait and watch bear a cluster that does not answer, from its last answer, before they end with <see cref="StoreUnavailableException"/>. Default: 2 min.</summary>
    public TimeSpan WatchPatience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The most submissions that share one call, 1 to 4096. Default: 256.</summary>
    public int MaxBatch { get; set; } = 256;

    /// <summary>The most submitting calls under way at a time, 1 to 64. Default: 4.</summary>
    public int MaxConcurrentBatches { get; set; } = 4;

    /// <summary>The most submits that may wait for a call; further ones wait to get in. Default: 65,536.</summary>
    public int MaxBuffered { get; set; } = 65_536;
}
