namespace MorningAI.Cli;

/// <summary>What the process says to the shell. <see cref="RootHelp"/> shows the same list to people.</summary>
internal static class ExitCode
{
    /// <summary>It worked; a task that was waited for succeeded.</summary>
    public const int Ok = 0;

    /// <summary>A task that was waited for failed, was cancelled or is dead; the silo cannot start; a step on the way to Redis failed; an error of the silo (5xx other than below).</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or input: arguments, files, or a request that the silo refused (4xx).</summary>
    public const int BadInput = 2;

    /// <summary>No silo was found, or the one that was named does not answer.</summary>
    public const int NoSilo = 3;

    /// <summary>The silo cannot do it now (503; also 429, 502 and 504): try again.</summary>
    public const int Unavailable = 4;

    /// <summary>This user may not do here what the call needs: network namespaces, for some faults of <c>chaos</c>.</summary>
    public const int NotPermitted = 5;

    /// <summary>Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
