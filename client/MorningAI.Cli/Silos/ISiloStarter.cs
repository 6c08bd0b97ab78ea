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

/// <param name="debug">True to leave what a silo of one call logs on standard error.</param>
internal sealed class ProcessSilo(bool debug = false) : ISiloStarter
{
    private const string LogName = "silo.log";

    /// <summary>A log above this is begun anew.</summary>
    private const long LogLimit = 1 << 20;

    public Task<int> Run(SiloSettings settings, CancellationToken cancellationToken) => SiloHost.Run(settings, cancellationToken);

    /// <remarks>
    /// The console is the command's: standard output for its result, standard error for its progress. What the silo writes
    /// to either goes to <c>silo.log</c> in the data directory.
    /// </remarks>
    public Task<RunningSilo> Start(SiloSettings settings, CancellationToken cancellationToken)
    {
        var log = debug ? Console.Error : OpenLog(settings.DataDirectory);
        Console.SetOut(log);
        Console.SetError(log);
        return SiloHost.Start(settings, cancellationToken);
    }

    private static TextWriter OpenLog(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var file = new FileInfo(Path.Combine(directory, LogName));
            var mode = file is { Exists: true, Length: > LogLimit } ? FileMode.Create : FileMode.Append;
            return TextWriter.Synchronized(new StreamWriter(new FileStream(file.FullName, mode, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A directory that cannot be written is the silo's to report: it needs it for more than a log.
            return Console.Error;
        }
    }
}
