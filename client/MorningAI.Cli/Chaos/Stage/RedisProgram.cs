namespace MorningAI.Cli.Chaos.Stage;

internal static class RedisProgram
{
    /// <param name="need">What for, as the start of a sentence.</param>
    /// <param name="command">Who starts one of its own.</param>
    /// <exception cref="CliException">It is not installed; the message says how to.</exception>
    public static string Find(Terminal terminal, string need, string command)
    {
        foreach (var folder in (terminal.Setting("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var file = Path.Combine(folder, "redis-server");
            if (File.Exists(file))
                return file;
        }

        throw new CliException(
            $"{need}, and redis-server is not on PATH. Install it ('apt-get install redis-server', 'dnf install redis' or 'brew install redis'); it need not run, {command} starts its own.",
            ExitCode.Failed);
    }
}
