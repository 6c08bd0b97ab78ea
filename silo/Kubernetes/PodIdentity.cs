using System.Net;
using Orleans.Hosting.Kubernetes;

namespace MorningAI.Silo.Kubernetes;

/// <summary>The pod that a silo runs in, from the variables that Orleans' hosting package reads too.</summary>
internal sealed record PodIdentity
{
    /// <summary>Kubernetes gives it to every container.</summary>
    private const string InKubernetes = "KUBERNETES_SERVICE_HOST";

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required IPAddress Address { get; init; }

    public required string ClusterId { get; init; }

    public required string ServiceId { get; init; }

    /// <returns>Null outside Kubernetes, and in a pod that names no Orleans cluster: it is then a silo as anywhere else.</returns>
    /// <exception cref="SiloStartException">It names a cluster, but not all that goes with it.</exception>
    public static PodIdentity? Read(Func<string, string?> variable)
    {
        string? Given(string name) => variable(name) is { Length: > 0 } text ? text : null;
        string Needed(string name) => Given(name) ?? throw new SiloStartException($"{name} is not set, and a silo in Kubernetes that has {KubernetesHostingOptions.ClusterIdEnvironmentVariable} or {KubernetesHostingOptions.ServiceIdEnvironmentVariable} needs it: set it from the pod's own fields, as k8s/base does.");

        if (Given(InKubernetes) is null
            || (Given(KubernetesHostingOptions.ClusterIdEnvironmentVariable) is null && Given(KubernetesHostingOptions.ServiceIdEnvironmentVariable) is null))
            return null;
        var address = Needed(KubernetesHostingOptions.PodIPEnvironmentVariable);
        return new PodIdentity
        {
            Namespace = Needed(KubernetesHostingOptions.PodNamespaceEnvironmentVariable),
            Name = Needed(KubernetesHostingOptions.PodNameEnvironmentVariable),
            Address = IPAddress.TryParse(address, out var ip) ? ip : throw new SiloStartException($"{KubernetesHostingOptions.PodIPEnvironmentVariable} is '{address}', which is not an IP address."),
            ClusterId = Needed(KubernetesHostingOptions.ClusterIdEnvironmentVariable),
            ServiceId = Needed(KubernetesHostingOptions.ServiceIdEnvironmentVariable),
        };
    }

    /// <summary>
    /// The silo's own settings decide, and must say what the pod says: the other silos find pods by silo names and declare
    /// a silo dead whose pod they do not find.
    /// </summary>
    /// <exception cref="SiloStartException">They differ.</exception>
    public void MustBe(SiloPlan plan)
    {
        Same("MORNINGAI_NAME (or --name)", plan.Name.Value, KubernetesHostingOptions.PodNameEnvironmentVariable, Name);
        Same("MORNINGAI_HOST (or --host)", plan.Address.ToString(), KubernetesHostingOptions.PodIPEnvironmentVariable, Address.ToString());
        Same("MORNINGAI_CLUSTER_ID", plan.ClusterId, KubernetesHostingOptions.ClusterIdEnvironmentVariable, ClusterId);
        Same("MORNINGAI_SERVICE_ID", plan.ServiceId, KubernetesHostingOptions.ServiceIdEnvironmentVariable, ServiceId);
    }

    private static void Same(string setting, string ours, string variable, string pods)
    {
        if (ours != pods)
            throw new SiloStartException($"{setting} is '{ours}', but {variable} is '{pods}': in Kubernetes a silo goes by its pod. Set the former to $({variable}).");
    }
}
