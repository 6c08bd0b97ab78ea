using MorningAI.Storage;

namespace MorningAI.Tests.Cluster;

/// <summary>Throws what it is told to.</summary>
internal sealed class BrokenStore : StoreCalls
{
    public Exception? Exception { get; set; }

    public override Task<T> Make<T>(Func<Task<T>> call) => Exception is { } e ? Task.FromException<T>(e) : call();
}
