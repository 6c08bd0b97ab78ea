namespace MorningAI.Storage;

/// <summary>Scripts for the store, kept in this assembly.</summary>
internal static class EmbeddedScript
{
    /// <param name="name">As the project file has it: namespace, name and <c>.lua</c>.</param>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
