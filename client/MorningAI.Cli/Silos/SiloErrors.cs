namespace MorningAI.Cli.Silos;

/// <summary>The silo does not answer.</summary>
internal sealed class SiloUnreachableException(string message, Exception? inner = null) : CliException(message, Cli.ExitCode.NoSilo, inner);

/// <summary>The silo cannot do it now.</summary>
internal sealed class SiloBusyException(string message, TimeSpan? retryAfter) : CliException(message, Cli.ExitCode.Unavailable)
{
    public TimeSpan? RetryAfter => retryAfter;
}
