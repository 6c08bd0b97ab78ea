using System.Xml.Linq;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>No Docker engine runs the Dockerfile here, so what it would trip over is looked for.</summary>
public sealed class DockerfileTests
{
    [Fact]
    public void EveryProjectOfTheCommand_IsCopied_WithItsLockFileFirst()
    {
        var lines = File.ReadAllLines(Path.Combine(Checkout.Root, "k8s", "Dockerfile"));
        var projects = new HashSet<string>();
        Collect("client/MorningAI.Cli/MorningAI.Cli.csproj", projects);

        foreach (var project in projects)
        {
            var folder = Path.GetDirectoryName(project);
            Assert.Contains($"COPY {project} {folder}/packages.lock.json {folder}/", lines);
            Assert.Contains($"COPY {folder} {folder}", lines);
        }
    }

    private static void Collect(string project, HashSet<string> projects)
    {
        if (!projects.Add(project))
            return;
        var folder = Path.Combine(Checkout.Root, Path.GetDirectoryName(project)!);
        foreach (var reference in XDocument.Load(Path.Combine(Checkout.Root, project)).Descendants("ProjectReference"))
            Collect(Path.GetRelativePath(Checkout.Root, Path.GetFullPath(Path.Combine(folder, reference.Attribute("Include")!.Value.Replace('\\', '/')))), projects);
    }
}
