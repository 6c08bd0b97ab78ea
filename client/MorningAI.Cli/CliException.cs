namespace MorningAI.Cli;

/// <summary>An end of the call that is told in one message and an exit code. The message says what to do.</summary>
internal class CliException(string message, int exitCode, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode => exitCode;
}
