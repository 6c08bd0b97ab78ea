namespace MorningAI.Cli.Chaos.Stage;

/// <summary>How the program that runs here is started once more.</summary>
internal static class ThisProgram
{
    public static (string Program, string[] Before) Command()
    {
        var host = Environment.ProcessPath ?? throw new StageException("This process' own program cannot be found.");
        return Path.GetFileNameWithoutExtension(host) is "dotnet"
            ? (host, [typeof(ThisProgram).Assembly.Location])
            : (host, []);
    }
}
