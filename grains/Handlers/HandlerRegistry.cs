using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using MorningAI.Tasks;

namespace MorningAI.Handlers;

/// <summary>The kinds that this silo can run. Fixed at start.</summary>
public sealed class HandlerRegistry
{
    private readonly FrozenDictionary<TaskKind, HandlerDescriptor> _handlers;

    /// <exception cref="InvalidOperationException">Two handlers are registered for one kind.</exception>
    public HandlerRegistry(IEnumerable<HandlerDescriptor> handlers)
    {
        var all = handlers.ToArray();
        var twice = all.GroupBy(h => h.Kind).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new InvalidOperationException($"Two handlers are registered for the kind '{twice.Key}'. Remove one AddTaskHandler call or give it another kind.");
        _handlers = all.ToFrozenDictionary(h => h.Kind);
        Kinds = [.. all.Select(h => h.Kind).OrderBy(k => k.Value, StringComparer.Ordinal)];
    }

    /// <summary>In alphabetical order.</summary>
    public IReadOnlyList<TaskKind> Kinds { get; }

    public bool TryGet(TaskKind kind, [NotNullWhen(true)] out HandlerDescriptor? handler) => _handlers.TryGetValue(kind, out handler);
}
