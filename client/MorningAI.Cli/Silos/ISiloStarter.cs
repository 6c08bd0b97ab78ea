using MorningAI.Silo;

namespace MorningAI.Cli.Silos;

/// <summary>Runs silos in this process.</summary>
internal interface ISiloStarter
{
    /// <inheritdoc cref="SiloHost.Run"/>
    Task<int> Run(SiloSettings settings, CancellationToken cancellationToken);

    /// <inheritdoc cref="SiloHost.Start"/>
    Task<RunningSilo> Start(SiloSettings settings, CancellationToken cancellationToken);
}

internal sealed class ProcessSilo : ISiloStarter
{
    public Task<int> Run(SiloSettings settings, CancellationToken cancellationToken) => SiloHost.Run(settings, cancellationToken);

    /// <remarks>Whatever the silo writes to the console goes to standard error: standard output is the command's result.</remarks>
    public Task<RunningSilo> Start(SiloSettings settings, CancellationToken cancellationToken)
    {
        Console.SetOut(Console.Error);
        return SiloHost.Start(settings, cancellationToken);
    }
}
