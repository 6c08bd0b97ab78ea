using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>A system at work: one process that submits, one or more that run the tasks, one Redis.</summary>
internal abstract class RunningSystem : IAsyncDisposable
{
    /// <summary>Submits as it is told.</summary>
    public abstract DriverProcess Client { get; }

    /// <summary>What runs the tasks; changes where a system is held by ending its workers.</summary>
    public abstract int WorkerProcess { get; }

    /// <summary>From the start of its process until it was ready; null where it is not measured.</summary>
    public virtual TimeSpan? StartTime => null;

    /// <summary>So far, of all measures.</summary>
    public long Submitted { get; set; }

    /// <summary>From now on submitted tasks wait.</summary>
    /// <returns>How many tasks of the bench's own will end beside them, once they may.</returns>
    public abstract Task<int> Hold(CancellationToken cancellationToken);

    public abstract Task Release(CancellationToken cancellationToken);

    /// <summary>Tasks whose end Redis knows.</summary>
    public abstract Task<long> Done(CancellationToken cancellationToken);

    /// <summary>Throws away what still waits, of a system that is too slow for all of it. It is held then.</summary>
    public virtual Task Clear(CancellationToken cancellationToken) => throw new NotSupportedException("It does all of its work.");

    /// <summary>Live bytes in the process that runs the tasks, while it is held; null where it cannot be told.</summary>
    public virtual Task<long?> WorkerBytes(CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    public abstract ValueTask DisposeAsync();
}
