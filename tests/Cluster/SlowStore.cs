using MorningAI.Storage;

namespace MorningAI.Tests.Cluster;

/// <summary>Answers late, for as long as it is told to.</summary>
internal sealed class SlowStore : StoreCalls
{
    /// <summary>Well over what counts as slow, and well under what counts as down.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(350);

    public bool IsSlow { get; set; }

    public override async Task<T> Make<T>(Func<Task<T>> call)
    {
        if (IsSlow)
            await Task.Delay(Delay);
        return await call();
    }
}
