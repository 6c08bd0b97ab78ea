using k8s.Models;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>What the objects say of each other.</summary>
internal static partial class ManifestRules
{
    /// <summary>Whatever selects pods or names another object finds it.</summary>
    private static IEnumerable<string> Selectors(Manifests manifests)
    {
        foreach (var set in manifests.Of<V1StatefulSet>())
        {
            if (!Matches(set.Spec.Selector, set.Spec.Template.Metadata))
                yield return $"{set.Metadata.Name} does not select its own pods";
        }

        foreach (var service in manifests.Of<V1Service>())
        {
            if (Selected(manifests, service.Spec.Selector).Count() != 1)
                yield return $"{service.Metadata.Name} selects not exactly one kind of pod";
        }

        var maps = manifests.Of<V1ConfigMap>().Select(c => c.Metadata.Name).ToHashSet();
        foreach (var pod in Pods(manifests).Select(t => t.Spec))
        {
            var named = pod.Containers.SelectMany(c => c.EnvFrom ?? []).Select(e => e.ConfigMapRef?.Name).Concat((pod.Volumes ?? []).Select(v => v.ConfigMap?.Name));
            foreach (var name in named.OfType<string>().Where(n => !maps.Contains(n)))
                yield return $"there is no ConfigMap {name}";
            var volumes = (pod.Volumes ?? []).Select(v => v.Name).Append("data");
            foreach (var mount in pod.Containers.SelectMany(c => c.VolumeMounts).Where(m => !volumes.Contains(m.Name)))
                yield return $"there is no volume {mount.Name}";
        }
    }

    /// <summary>A drained node takes one silo at a time.</summary>
    private static IEnumerable<string> Disruption(Manifests manifests)
    {
        var budget = manifests.Of<V1PodDisruptionBudget>().SingleOrDefault(b => Matches(b.Spec.Selector, manifests.Silos.Spec.Template.Metadata));
        return Faults(
            (budget is null, "no budget covers the silos"),
            (budget is not null && budget.Spec.MaxUnavailable?.Value != "1", "not exactly one silo may be away"),
            (budget is not null && Matches(budget.Spec.Selector, manifests.Redis.Spec.Template.Metadata), "the silos' budget covers Redis"),
            (manifests.Silos.Spec.Replicas < 2, "there is no second silo to take over"));
    }

    /// <summary>The silos' account has the role; nobody else has a token. What the role may do: see AgentCallsTests.</summary>
    private static IEnumerable<string> Access(Manifests manifests)
    {
        var binding = manifests.Of<V1RoleBinding>().Single();
        var role = manifests.Of<V1Role>().Single();
        var account = manifests.Of<V1ServiceAccount>().Single();
        var subject = binding.Subjects.Single();
        var silo = manifests.Silos.Spec.Template.Spec;
        return Faults(
            (binding.RoleRef.Name != role.Metadata.Name || binding.RoleRef.Kind != V1Role.KubeKind, "the binding names another role"),
            (subject.Kind != V1ServiceAccount.KubeKind || subject.Name != account.Metadata.Name || subject.NamespaceProperty != account.Metadata.NamespaceProperty, "the binding names another account"),
            (silo.ServiceAccountName != account.Metadata.Name || silo.AutomountServiceAccountToken != true, "the silos do not have the account's token"),
            (account.AutomountServiceAccountToken != false, "whoever uses the account gets its token"),
            (manifests.Redis.Spec.Template.Spec.AutomountServiceAccountToken != false, "Redis has a token"));
    }

    /// <summary>Redis and the silo port are for silos, the gateway for this app, HTTP for the namespace; nothing for the world.</summary>
    private static IEnumerable<string> Network(Manifests manifests)
    {
        var silo = manifests.Silos.Spec.Template.Metadata;
        var redis = manifests.Redis.Spec.Template.Metadata;
        var client = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app.kubernetes.io/part-of"] = "morningai" } };
        var stranger = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "other" } };
        return Faults(
            (Doors(manifests, silo, silo) is not ["gateway", "http", "silo"], "silos do not reach each other, or more than that"),
            (Doors(manifests, client, silo) is not ["gateway", "http"], "clients do not reach gateway and HTTP, or more than that"),
            (Doors(manifests, stranger, silo) is not ["http"], "others do not reach HTTP, or more than that"),
            (Doors(manifests, silo, redis) is not ["redis"], "silos do not reach Redis, or more than that"),
            (Doors(manifests, client, redis) is not [], "clients reach Redis"),
            (Doors(manifests, stranger, redis) is not [], "others reach Redis"));
    }

    /// <summary>The ports of <paramref name="to"/> that a pod like <paramref name="from"/> reaches in this namespace, by name.</summary>
    private static List<string> Doors(Manifests manifests, V1ObjectMeta from, V1ObjectMeta to)
    {
        var policies = manifests.Of<V1NetworkPolicy>().Where(p => p.Spec.PolicyTypes.Contains("Ingress") && Matches(p.Spec.PodSelector, to)).ToArray();
        if (policies.Length == 0)
            return ["every port"];
        var rules = policies.SelectMany(p => p.Spec.Ingress ?? []).Where(r => r.FromProperty is null or [] || r.FromProperty.Any(peer => Admits(peer, from)));
        return [.. rules.SelectMany(r => r.Ports is null or [] ? ["every port"] : r.Ports.Select(p => p.Port?.Value ?? "every port")).Distinct().Order()];
    }

    private static bool Admits(V1NetworkPolicyPeer peer, V1ObjectMeta from) =>
        peer.IpBlock is not null || peer.NamespaceSelector is not null || Matches(peer.PodSelector, from);
}
