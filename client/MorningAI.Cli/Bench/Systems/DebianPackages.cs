namespace MorningAI.Cli.Bench.Systems;

/// <summary>Packages of a Debian or Ubuntu, unpacked into the bench's own folder: the system itself is not touched.</summary>
internal static class DebianPackages
{
    private const string Complete = "complete";

    /// <param name="needs">Package names; what they depend on comes along where the system lacks it.</param>
    /// <returns>The folder that stands for <c>/</c>.</returns>
    /// <exception cref="CannotBeHadException">This is no such system, or its archive cannot be reached.</exception>
    public static async Task<string> Unpack(BenchCache cache, string folderName, string[] needs, CancellationToken cancellationToken)
    {
        var install = $"install it ('apt-get install {string.Join(' ', needs)}')";
        if (cache.Program("apt-get") is not { } apt || cache.Program("dpkg") is not { } dpkg)
            throw new CannotBeHadException($"it is not installed, and this system has no apt-get to bring it: {install}, or its like.");

        var folder = cache.Folder(folderName);
        var root = Path.Combine(folder, "root");
        if (File.Exists(Path.Combine(folder, Complete)))
            return root;

        cache.Say($"Unpacking {string.Join(", ", needs)} of the distribution into {root}…");
        var (code, plan) = await BenchCache.Run(folder, apt, ["install", "-s", "--no-install-recommends", .. needs], cancellationToken, ("LC_ALL", "C"));
        if (code != 0)
            throw new CannotBeHadException($"it is not installed, and apt-get does not find it ({BenchCache.LastLine(plan)}): {install}; 'apt-get update' may help.");
        // Inst NAME (VERSION …): what would be installed.
        var packages = plan.Split('\n').Where(l => l.StartsWith("Inst ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1]).ToArray();
        foreach (var old in Directory.GetFiles(folder, "*.deb"))
            File.Delete(old);
        (code, var says) = await BenchCache.Run(folder, apt, ["download", "-qq", .. packages], cancellationToken, ("LC_ALL", "C"));
        if (code != 0)
            throw new CannotBeHadException($"it is not installed, and apt-get could not download it ({BenchCache.LastLine(says)}): {install}.");
        foreach (var package in Directory.GetFiles(folder, "*.deb"))
        {
            (code, says) = await BenchCache.Run(folder, dpkg, ["-x", package, root], cancellationToken);
            if (code != 0)
                throw new CannotBeHadException($"{Path.GetFileName(package)} could not be unpacked ({BenchCache.LastLine(says)}): {install}.");
            File.Delete(package);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, Complete), string.Join('\n', packages), cancellationToken);
        return root;
    }
}
