using k8s;
using k8s.Models;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>
/// The objects of k8s/base, read as kustomize reads them: its kustomization.yaml sets a namespace and lists files, and
/// more than that does not load. Fields that the API does not know do not load either.
/// </summary>
internal sealed class Manifests
{
    private const string ListFile = "kustomization.yaml";

    private Manifests(IReadOnlyList<IKubernetesObject<V1ObjectMeta>> objects) => Objects = objects;

    public static string Folder { get; } = Path.Combine(Checkout.Root, "k8s", "base");

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    public V1StatefulSet Silos => Of<V1StatefulSet>().Single(s => s.Metadata.Name == "morningai");

    public V1StatefulSet Redis => Of<V1StatefulSet>().Single(s => s.Metadata.Name == "morningai-redis");

    /// <summary>By file name.</summary>
    public static Dictionary<string, string> Read() => Directory.EnumerateFiles(Folder).ToDictionary(f => Path.GetFileName(f)!, File.ReadAllText);

    public static Manifests Load() => Load(Read());

    public static Manifests Load(IReadOnlyDictionary<string, string> files)
    {
        var list = KubernetesYaml.Deserialize<Kustomization>(files[ListFile], strict: true);
        Assert.Equal(files.Keys.Where(f => f.EndsWith(".yaml", StringComparison.Ordinal) && f != ListFile).Order(), list.Resources.Order());
        return new Manifests([.. list.Resources.SelectMany(f => Parse(files[f])).Select(o => In(list.Namespace, o))]);
    }

    public static IEnumerable<IKubernetesObject<V1ObjectMeta>> Parse(string yaml) =>
        KubernetesYaml.LoadAllFromString(yaml, typeMap: null, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>();

    public IEnumerable<T> Of<T>() => Objects.OfType<T>();

    private static IKubernetesObject<V1ObjectMeta> In(string name, IKubernetesObject<V1ObjectMeta> item)
    {
        item.Metadata.NamespaceProperty = name;
        foreach (var subject in (item as V1RoleBinding)?.Subjects ?? [])
            subject.NamespaceProperty ??= name;
        return item;
    }

    internal sealed class Kustomization
    {
        public string ApiVersion { get; set; } = "";

        public string Kind { get; set; } = "";

        public string Namespace { get; set; } = "";

        public List<string> Resources { get; set; } = [];
    }
}
