namespace MorningAI.Cli.Chaos.Stage;

internal static class RedisProgram
{
    /// <exception cref="CliException">It is not installed; the message says how to.</exception>
    public static string Find(Terminal terminal)
    {
        foreach (var folder in (terminal.Setting("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var file = Path.Combine(folder, "redis-server");
            if (File.Exists(file))
                return file;
        }

        throw new CliException(
            "chaos needs a real Redis to break, and redis-server is not on PATH. Install it ('apt-get install redis-server', 'dnf install redis' or 'brew install redis'); it need not run, chaos starts its own.",
            ExitCode.Failed);
    }
}
