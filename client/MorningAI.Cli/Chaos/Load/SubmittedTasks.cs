using System.Collections.Concurrent;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>What all users of the run submitted so far.</summary>
internal sealed class SubmittedTasks
{
    /// <summary>In any answer.</summary>
    public ConcurrentQueue<TaskId> All { get; } = new();

    /// <summary>By id: the tasks that the system has promised to finish.</summary>
    public ConcurrentDictionary<string, bool> Acknowledged { get; } = new(StringComparer.Ordinal);
}
