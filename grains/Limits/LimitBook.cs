using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Limits;

/// <summary>Which limits count a task, by their names, and what a name stands for. Where none are set it costs nothing.</summary>
internal sealed class LimitBook(IOptions<LimitOptions> options)
{
    private readonly LimitOptions _options = options.Value;
    private readonly bool _any = options.Value.Queues.Count + options.Value.Kinds.Count + options.Value.Keys.Count > 0;

    /// <summary>In the order in which they are asked: always the same, and the narrowest last.</summary>
    public string[] Of(QueueName queue, TaskKind kind, string? key)
    {
        if (!_any)
            return [];
        List<string> names = [];
        if (_options.Queues.ContainsKey(queue.Value))
            names.Add($"queue:{queue}");
        if (_options.Kinds.ContainsKey(kind.Value))
            names.Add($"kind:{kind}");
        if (key is not null && _options.Keys.ContainsKey(queue.Value))
            names.Add($"key:{queue}:{key}");
        return [.. names];
    }

    public bool TryGet(string name, [NotNullWhen(true)] out Limit? limit)
    {
        limit = null;
        return name.Split(':', 3) switch
        {
            ["queue", var queue] => _options.Queues.TryGetValue(queue, out limit),
            ["kind", var kind] => _options.Kinds.TryGetValue(kind, out limit),
            ["key", var queue, _] => _options.Keys.TryGetValue(queue, out limit),
            _ => false,
        };
    }
}
