using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>A Python that can import what a peer needs: as installed, else with the distribution's packages from the bench's folder.</summary>
internal static class PythonPrograms
{
    /// <summary>The distribution's own comes first: its packages are made for it.</summary>
    private static readonly string[] Programs = ["/usr/bin/python3", "python3"];

    /// <param name="prints">A program that prints the peer's version.</param>
    /// <exception cref="CannotBeHadException">There is none.</exception>
    public static async Task<(ProgramCall Python, string Version)> Find(BenchCache cache, string name, string prints, string[] packages, CancellationToken cancellationToken)
    {
        foreach (var program in Programs.Select(p => Path.IsPathRooted(p) ? (File.Exists(p) ? p : null) : cache.Program(p)).OfType<string>().Distinct())
        {
            if (await Try(cache, name, new ProgramCall(program, []), prints, cancellationToken) is { } installed)
                return installed;
        }

        if (!File.Exists(Programs[0]))
            throw new CannotBeHadException($"it is not installed for the python3 on PATH, and there is no {Programs[0]} to run the distribution's packages: install it with pip.");
        var root = await DebianPackages.Unpack(cache, name, packages, cancellationToken);
        var unpacked = new ProgramCall(Programs[0], [], ("PYTHONPATH", Path.Combine(root, "usr", "lib", "python3", "dist-packages")));
        return await Try(cache, name, unpacked, prints, cancellationToken)
            ?? throw new CannotBeHadException($"the distribution's does not run from the bench's folder: install it ('apt-get install {string.Join(' ', packages)}').");
    }

    private static async Task<(ProgramCall, string)?> Try(BenchCache cache, string name, ProgramCall python, string prints, CancellationToken cancellationToken)
    {
        var (code, version) = await BenchCache.Run(cache.Folder(name), python.Program, ["-c", $"import sys; {prints}; print(', Python', sys.version.split()[0], end='')"], cancellationToken, python.Environment);
        return code == 0 ? (python, version) : null;
    }
}
