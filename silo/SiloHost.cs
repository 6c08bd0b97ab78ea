namespace MorningAI.Silo;

/// <summary>Starts a silo in this process.</summary>
public static class SiloHost
{
    /// <summary>Runs a silo until it is told to stop (SIGTERM, Ctrl-C or <paramref name="cancellationToken"/>).</summary>
    /// <returns>The process' exit code: 0 after an orderly stop.</returns>
    /// <exception cref="SiloStartException">It cannot start; the message says why and how to mend it.</exception>
    public static Task<int> Run(SiloSettings settings, CancellationToken cancellationToken) => throw new SiloStartException("not built yet");

    /// <summary>Starts a silo and returns once it is ready.</summary>
    /// <exception cref="SiloStartException">It cannot start; the message says why and how to mend it.</exception>
    public static Task<RunningSilo> Start(SiloSettings settings, CancellationToken cancellationToken) => throw new SiloStartException("not built yet");
}

/// <summary>A silo in this process, stopped in order when disposed.</summary>
public abstract class RunningSilo : IAsyncDisposable
{
    /// <summary>Where its HTTP API is.</summary>
    public abstract Uri Url { get; }

    public abstract ValueTask DisposeAsync();
}

/// <summary>A silo cannot start, for a reason that its operator can mend; the message says how.</summary>
public sealed class SiloStartException(string message, Exception? inner = null) : Exception(message, inner);
