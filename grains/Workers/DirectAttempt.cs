using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>An attempt that its worker began on the record itself.</summary>
/// <param name="running">The task since then.</param>
/// <param name="stored">The version that was read.</param>
internal sealed class DirectAttempt(TaskRecord running, long stored)
{
    public TaskRecord Running { get; } = running;

    public long Base => stored;

    public long Version => stored + 1;

    /// <summary>Completes when its end is written, or cannot be; null while it runs.</summary>
    public TaskCompletionSource? Ending { get; set; }
}
