namespace MorningAI.Alerts;

/// <summary>When somebody is told, and where. The same on every silo.</summary>
public sealed class AlertOptions
{
    public const string Section = "MorningAI:Alerts";

    /// <summary>The store is away for longer. Default: 30 s.</summary>
    public TimeSpan OutageAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>So many tasks are ready in a queue and not begun. Default: 100, as in the original.</summary>
    public int QueueLong { get; set; } = 100;

    /// <summary>So many, and it is critical. Default: 500, as in the original.</summary>
    public int QueueVeryLong { get; set; } = 500;

    /// <summary>The first of a queue is ready for longer. Default: 10 min.</summary>
    public TimeSpan QueueOld { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>99 in 100 tasks of the last minutes wait for less. Default: 5 s, as in the original.</summary>
    public TimeSpan SlowStart { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>So many attempts failed within <see cref="FailuresWithin"/>. Default: 10.</summary>
    public int Failures { get; set; } = 10;

    /// <summary>Default: 5 min, as in the original.</summary>
    public TimeSpan FailuresWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often silos report and the rules are looked at. Default: 5 s.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Where alerts are sent, as HTTP POST. Default: nowhere; the log has them always.</summary>
    public Uri? Webhook { get; set; }

    /// <summary>What the webhook's requests are signed with. Also <c>MORNINGAI_ALERTS_WEBHOOK_SECRET</c>.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>A file that has it. Also <c>MORNINGAI_ALERTS_WEBHOOK_SECRET_FILE</c>.</summary>
    public string? WebhookSecretFile { get; set; }

    /// <returns>Null where they are good.</returns>
    public string? Fault() => this switch
    {
        { QueueLong: < 1 } or { QueueVeryLong: < 1 } or { Failures: < 1 } => $"{Section}: QueueLong, QueueVeryLong and Failures must be 1 or more.",
        _ when QueueVeryLong < QueueLong => $"{Section}:QueueVeryLong must not be below QueueLong.",
        _ when OutageAfter <= TimeSpan.Zero || QueueOld <= TimeSpan.Zero || SlowStart <= TimeSpan.Zero || FailuresWithin <= TimeSpan.Zero => $"{Section}: OutageAfter, QueueOld, SlowStart and FailuresWithin must be above zero.",
        _ when Every <= TimeSpan.Zero || Every > TimeSpan.FromMinutes(1) => $"{Section}:Every must be above zero and at most a minute.",
        { Webhook: { } hook } when !hook.IsAbsoluteUri || (hook.Scheme != Uri.UriSchemeHttp && hook.Scheme != Uri.UriSchemeHttps) => $"{Section}:Webhook must be an http or https address.",
        { Webhook: not null, WebhookSecret: null or "" } => $"{Section}:Webhook needs a secret to sign with: set MORNINGAI_ALERTS_WEBHOOK_SECRET, or MORNINGAI_ALERTS_WEBHOOK_SECRET_FILE.",
        _ => null,
    };
}
