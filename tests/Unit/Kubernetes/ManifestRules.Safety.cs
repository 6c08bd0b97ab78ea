using System.Text.RegularExpressions;
using k8s.Models;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>Rights, room, secrets, and a Redis that keeps.</summary>
internal static partial class ManifestRules
{
    /// <summary>As little as Kubernetes can give.</summary>
    private static IEnumerable<string> Security(Manifests manifests)
    {
        foreach (var pod in Pods(manifests).Select(t => t.Spec))
        {
            var whole = pod.SecurityContext;
            if (whole is not { RunAsNonRoot: true, RunAsUser: > 0, RunAsGroup: > 0, FsGroup: > 0, SeccompProfile.Type: "RuntimeDefault" })
                yield return "a pod may run as root, cannot write its volume, or has no seccomp profile";
            if (pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true || (pod.Volumes ?? []).Any(v => v.HostPath is not null))
                yield return "a pod reaches into its node";
            foreach (var container in pod.Containers.Concat(pod.InitContainers ?? []))
            {
                var own = container.SecurityContext;
                if (own is not { AllowPrivilegeEscalation: false, ReadOnlyRootFilesystem: true, Capabilities: { Drop: ["ALL"], Add: null } } || own.Privileged == true || own.RunAsUser == 0 || own.RunAsNonRoot == false)
                    yield return $"{container.Name} has more rights than it needs";
            }
        }
    }

    /// <summary>Nodes can plan, and no pod takes a node's memory; silos are not throttled and not all on one node.</summary>
    private static IEnumerable<string> Room(Manifests manifests)
    {
        foreach (var container in Pods(manifests).SelectMany(t => t.Spec.Containers))
        {
            if (container.Resources is not { Requests: { } requests, Limits: { } limits } || !requests.ContainsKey("cpu") || !requests.ContainsKey("memory") || !limits.ContainsKey("memory"))
                yield return $"{container.Name} does not say what it needs";
            else if (limits.ContainsKey("cpu"))
                yield return $"{container.Name} may be throttled";
        }

        var template = manifests.Silos.Spec.Template;
        foreach (var key in new[] { "kubernetes.io/hostname", "topology.kubernetes.io/zone" })
        {
            if (!(template.Spec.TopologySpreadConstraints ?? []).Any(c => c.TopologyKey == key && Matches(c.LabelSelector, template.Metadata)))
                yield return $"silos are not spread over {key}";
        }
    }

    /// <summary>Secrets are the operator's: made as the README says, and not here.</summary>
    private static IEnumerable<string> Secrets(Manifests manifests)
    {
        var readme = File.ReadAllText(Path.Combine(Checkout.Root, "k8s", "README.md"));
        var made = SecretName().Match(readme).Groups[1].Value;
        var keys = SecretKey().Matches(readme).Select(m => m.Groups[1].Value).ToHashSet();
        if (manifests.Of<V1Secret>().Any())
            yield return "a Secret is committed";
        foreach (var variable in Pods(manifests).SelectMany(t => t.Spec.Containers).SelectMany(c => c.Env ?? []))
        {
            if (variable.ValueFrom?.SecretKeyRef is { } secret && (secret.Name != made || !keys.Contains(secret.Key)))
                yield return $"{variable.Name}: the README makes no key {secret.Key} in {secret.Name}";
            if (variable.Value is not null && SecretVariable().IsMatch(variable.Name))
                yield return $"{variable.Name} has its value in the manifest";
        }
    }

    /// <summary>Redis keeps what it was told, and lets nobody in without the password.</summary>
    private static IEnumerable<string> Redis(Manifests manifests)
    {
        var settings = manifests.Of<V1ConfigMap>().Single(c => c.Metadata.Name == "morningai-redis").Data["redis.conf"].Split('\n').Select(l => l.Trim()).ToHashSet();
        var container = manifests.Redis.Spec.Template.Spec.Containers.Single();
        var folder = settings.Single(s => s.StartsWith("dir ", StringComparison.Ordinal))[4..];
        return Faults(
            (!settings.Contains("appendonly yes"), "there is no append-only file"),
            (!settings.Contains("maxmemory-policy noeviction"), "Redis may evict"),
            (!settings.Any(s => s.StartsWith("maxmemory ", StringComparison.Ordinal)), "Redis grows until it is killed"),
            (!container.VolumeMounts.Any(m => m.MountPath == folder && manifests.Redis.Spec.VolumeClaimTemplates.Any(c => c.Metadata.Name == m.Name)), $"{folder} is no volume"),
            (!container.Command[^1].Contains("requirepass $REDISCLI_AUTH", StringComparison.Ordinal) || container.Env.SingleOrDefault(e => e.Name == "REDISCLI_AUTH")?.ValueFrom?.SecretKeyRef is null, "Redis has no password"),
            (container.LivenessProbe?.Exec?.Command[^1].Contains("LOADING", StringComparison.Ordinal) != true, "Redis is killed while it loads"));
    }

    [GeneratedRegex(@"create secret generic (\S+)")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"--from-literal=([a-z-]+)=")]
    private static partial Regex SecretKey();

    [GeneratedRegex("KEY|PASSWORD|SECRET|TOKEN|AUTH")]
    private static partial Regex SecretVariable();
}
