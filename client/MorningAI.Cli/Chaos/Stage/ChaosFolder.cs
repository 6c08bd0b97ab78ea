namespace MorningAI.Cli.Chaos.Stage;

/// <summary>Everything that the run writes: data, logs and the ledger.</summary>
internal sealed class ChaosFolder
{
    public ChaosFolder()
    {
        Path = Directory.CreateTempSubdirectory("morningai-chaos-").FullName;
        Ledger = Directory.CreateDirectory(At("ledger")).FullName;
    }

    public string Path { get; }

    public string Ledger { get; }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <exception cref="IOException">Something in it cannot be removed.</exception>
    public void Delete() => Directory.Delete(Path, recursive: true);
}
