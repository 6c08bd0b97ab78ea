using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Limits;

/// <summary>How much of what may run at a time, or begin in a time, in the whole cluster. The same on every silo.</summary>
public sealed class LimitOptions
{
    /// <summary>By queue.</summary>
    public Dictionary<string, Limit> Queues { get; set; } = [];

    /// <summary>By kind, whatever the queue.</summary>
    public Dictionary<string, Limit> Kinds { get; set; } = [];

    /// <summary>By queue, for each limit key by itself: a customer, a conversation.</summary>
    public Dictionary<string, Limit> Keys { get; set; } = [];

    /// <returns>What is wrong, with the setting named; null where nothing is.</returns>
    public string? Fault() =>
        Queues.Where(l => !QueueName.TryParse(l.Key, out _)).Select(l => $"MorningAI:Limits:Queues: '{l.Key}' is not a queue's name.").FirstOrDefault()
        ?? Kinds.Where(l => !TaskKind.TryParse(l.Key, out _)).Select(l => $"MorningAI:Limits:Kinds: '{l.Key}' is not a kind.").FirstOrDefault()
        ?? Keys.Where(l => !QueueName.TryParse(l.Key, out _)).Select(l => $"MorningAI:Limits:Keys: '{l.Key}' is not a queue's name.").FirstOrDefault()
        ?? Faults("Queues", Queues) ?? Faults("Kinds", Kinds) ?? Faults("Keys", Keys);

    private static string? Faults(string section, Dictionary<string, Limit> limits) =>
        limits.Where(l => l.Value.Fault() is not null).Select(l => $"MorningAI:Limits:{section}:{l.Key}: {l.Value.Fault()}").FirstOrDefault();
}

/// <summary>One limit: a number at a time, a rate, or both.</summary>
public sealed class Limit
{
    /// <summary>Attempts at a time. Default: any number.</summary>
    public int? Concurrency { get; set; }

    /// <summary>Attempts that may begin within <see cref="Per"/>. Default: any number.</summary>
    public int? Rate { get; set; }

    /// <summary>Default: 1 s.</summary>
    public TimeSpan Per { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many may begin at once after a quiet time. Default: as many as <see cref="Rate"/>.</summary>
    public int? Burst { get; set; }

    /// <returns>Null where it is good.</returns>
    public string? Fault() => this switch
    {
        { Concurrency: null, Rate: null } => "set Concurrency, or Rate, or both.",
        { Concurrency: < 1 } => "Concurrency must be 1 or more. To let nothing run, pause the queue.",
        { Rate: < 1 } => "Rate must be 1 or more. To let nothing run, pause the queue.",
        { Burst: < 1 } => "Burst must be 1 or more.",
        _ when Per <= TimeSpan.Zero || Per > TimeSpan.FromDays(1) => "Per must be above zero and at most a day.",
        _ => null,
    };
}
