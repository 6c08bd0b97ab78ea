namespace MorningAI.Tests.Harness;

/// <summary>Where things are in the checkout, and which build of them these tests are.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as this build is.</summary>
    public static string Configuration { get; } =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The morningai command, as built with these tests; a Release build's is what its users run, compiled ahead.</summary>
    public static string Command { get; } =
        Path.Combine(Root, "client", "MorningAI.Cli", "bin", Configuration, "net10.0", Configuration == "Release" ? "publish" : "", "morningai.dll");

    public static string GarnetServer { get; } = Path.Combine(Root, "tests", "GarnetServer", "bin", Configuration, "net10.0", "garnet-server.dll");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MorningAI.Orleans.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("These tests must run from their checkout: MorningAI.Orleans.sln was not found above them.");
    }
}
