using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>One of the systems that are compared: how to get it and how to start it.</summary>
internal abstract class BenchSystem
{
    public abstract string Name { get; }

    /// <summary>Known once it was prepared.</summary>
    public string Version { get; protected set; } = "";

    /// <summary>How it is set up, a sentence each, for the report.</summary>
    public abstract IReadOnlyList<string> Configuration { get; }

    /// <summary>How many tasks one call of its bulk submit takes; null where it has none.</summary>
    public abstract int? Page { get; }

    /// <summary>Which tasks a submitter sees done, and so whether the time from submit to done can be told.</summary>
    public virtual bool TellsDone => true;

    /// <summary>Ends are counted without Redis: the system works while it is away.</summary>
    public virtual bool OutlivesRedis => false;

    /// <exception cref="CannotBeHadException">It is not here and cannot be brought here.</exception>
    public abstract Task Prepare(BenchCache cache, CancellationToken cancellationToken);

    /// <summary>Starts its processes; returns once they work.</summary>
    public abstract Task<RunningSystem> Start(BenchStage stage, int payloadBytes, CancellationToken cancellationToken);
}
