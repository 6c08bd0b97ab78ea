namespace MorningAI.Cli.Chaos.Stage;

internal static class FolderCopy
{
    /// <summary>With all below it. Files that grow meanwhile are copied as far as they were.</summary>
    public static void Make(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = new FileStream(Path.Combine(to, Path.GetRelativePath(from, file)), FileMode.Create, FileAccess.Write);
            source.CopyTo(target);
        }
    }
}
