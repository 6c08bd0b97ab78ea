using k8s.Models;
using MorningAI.Silo;
using Orleans.Hosting.Kubernetes;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>What the manifests say of the silo, against what the silo does.</summary>
internal static partial class ManifestRules
{
    /// <summary>Between the silo's own limit and the kill.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>The silo goes by its pod, and the agent of Orleans finds the pod by its labels.</summary>
    private static async Task<IEnumerable<string>> Identity(Manifests manifests)
    {
        var plan = (await SiloPod.Start(manifests)).Plan;
        var labels = manifests.Silos.Spec.Template.Metadata.Labels;
        return Faults(
            (plan.Pod is null, "Orleans' Kubernetes hosting is off"),
            (plan.Name.Value != SiloPod.Name, $"the silo's name is {plan.Name}, not its pod's"),
            (plan.Address.ToString() != SiloPod.Address, $"the silo's address is {plan.Address}, not its pod's"),
            (!labels.Contains(new(KubernetesHostingOptions.ServiceIdLabel, plan.ServiceId)), "the service's label is not the silo's service id"),
            (!labels.Contains(new(KubernetesHostingOptions.ClusterIdLabel, plan.ClusterId)), "the cluster's label is not the silo's cluster id"),
            (plan.Redis is null, "the silos have no Redis"),
            (plan.ApiKeyHash is null, "the silos have no API key"));
    }

    /// <summary>Every variable is one that somebody reads.</summary>
    private static async Task<IEnumerable<string>> Variables(Manifests manifests)
    {
        var pod = await SiloPod.Start(manifests);
        var container = manifests.Silos.Spec.Template.Spec.Containers.Single();
        var references = container.Env.SelectMany(e => SiloPod.Reference().Matches(e.Value ?? "")).Select(r => r.Groups[1].Value).ToHashSet();
        var unread = pod.Variables.Keys.Where(name => !pod.Asked.Contains(name) && !references.Contains(name) && !pod.IsSetting(name));
        var unresolved = pod.Variables.Where(v => SiloPod.Reference().IsMatch(v.Value)).Select(v => v.Key);
        return
        [
            .. unread.Select(name => $"the silo does not read {name}"),
            .. unresolved.Select(name => $"{name} refers to what is not set before it"),
            .. Pods(manifests).Where(p => p.Spec.EnableServiceLinks != false).Select(p => "Services set variables, and MORNINGAI_HTTP_PORT may be among them"),
        ];
    }

    /// <summary>The folder that the silo writes is its volume.</summary>
    private static async Task<IEnumerable<string>> Data(Manifests manifests)
    {
        var folder = (await SiloPod.Start(manifests)).Settings.DataDirectory;
        var claims = manifests.Silos.Spec.VolumeClaimTemplates.Select(c => c.Metadata.Name);
        var mounts = manifests.Silos.Spec.Template.Spec.Containers.Single().VolumeMounts;
        return Faults(
            (!mounts.Any(m => m.MountPath == folder && m.ReadOnlyProperty != true && claims.Contains(m.Name)), $"no claim is mounted at {folder}"),
            (!mounts.Any(m => m.MountPath == "/tmp"), "nothing is mounted at /tmp, where .NET puts what is short-lived"),
            (manifests.Of<V1StatefulSet>().Any(s => s.Spec.PersistentVolumeClaimRetentionPolicy is not { WhenDeleted: "Retain", WhenScaled: "Retain" }), "volumes go with their pods"));
    }

    /// <summary>A silo that drains is not killed.</summary>
    private static async Task<IEnumerable<string>> Grace(Manifests manifests)
    {
        var limit = SiloApp.ShutdownLimit((await SiloPod.Start(manifests)).Workers);
        var spec = manifests.Silos.Spec.Template.Spec;
        var before = TimeSpan.FromSeconds(spec.Containers.Single().Lifecycle?.PreStop?.Sleep?.Seconds ?? 0);
        return Faults(
            (TimeSpan.FromSeconds(spec.TerminationGracePeriodSeconds ?? 30) < before + limit + Margin, $"the grace period is shorter than {before + limit + Margin}"),
            (before < TimeSpan.FromSeconds(3), "Services need a moment to let go of a pod"));
    }

    /// <summary>What the silo listens on is declared, and what the Services name is there.</summary>
    private static async Task<IEnumerable<string>> Ports(Manifests manifests)
    {
        var pod = await SiloPod.Start(manifests);
        var settings = pod.Settings;
        var redis = manifests.Redis.Spec.Template.Spec.Containers.Single().Ports.Single().ContainerPort;
        var declared = manifests.Silos.Spec.Template.Spec.Containers.Single().Ports.ToDictionary(p => p.Name, p => p.ContainerPort);
        var services = manifests.Of<V1Service>().ToArray();
        return
        [
            .. Faults(
                (declared.GetValueOrDefault("http") != settings.HttpPort, "'http' is not the HTTP port"),
                (declared.GetValueOrDefault("silo") != settings.SiloPort, "'silo' is not the silo port"),
                (declared.GetValueOrDefault("gateway") != settings.GatewayPort, "'gateway' is not the gateway port"),
                (manifests.Of<V1Service>().All(s => !pod.Variables["REDIS_URL"].EndsWith($"@{s.Metadata.Name}:{redis}", StringComparison.Ordinal) || Selected(manifests, s.Spec.Selector).Single() != manifests.Redis.Spec.Template), "REDIS_URL is not the Redis Service")),
            .. services.SelectMany(s => s.Spec.Ports.Select(p => (Service: s, Port: p)))
                .Where(x => !Selected(manifests, x.Service.Spec.Selector).Any(t => t.Spec.Containers.Any(c => c.Ports.Any(p => p.Name == x.Port.TargetPort?.Value && p.ContainerPort == x.Port.Port))))
                .Select(x => $"{x.Service.Metadata.Name}: nothing listens on {x.Port.TargetPort?.Value} as {x.Port.Port}"),
            .. declared.Keys.Where(name => !services.Any(s => s.Spec.Ports.Any(p => p.TargetPort?.Value == name))).Select(name => $"no Service leads to '{name}'"),
            .. manifests.Of<V1StatefulSet>().Where(s => services.All(x => x.Metadata.Name != s.Spec.ServiceName)).Select(s => $"{s.Metadata.Name}: there is no Service {s.Spec.ServiceName}"),
            .. services.Where(s => s.Metadata.Name == manifests.Silos.Spec.ServiceName && s.Spec.ClusterIP != "None").Select(s => $"{s.Metadata.Name} is not headless"),
        ];
    }

    /// <summary>Health that asks Redis decides who gets work, never who is restarted.</summary>
    private static IEnumerable<string> Probes(Manifests manifests)
    {
        foreach (var container in manifests.Of<V1StatefulSet>().SelectMany(s => s.Spec.Template.Spec.Containers))
        {
            if (container.LivenessProbe is null || container.ReadinessProbe is null)
                yield return $"{container.Name} has no liveness or no readiness probe";
        }

        var silo = manifests.Silos.Spec.Template.Spec.Containers.Single();
        foreach (var (probe, path) in new[] { (silo.StartupProbe, "/health/live"), (silo.LivenessProbe, "/health/live"), (silo.ReadinessProbe, "/health/ready") })
        {
            if (probe?.HttpGet?.Path != path || probe.HttpGet.Port?.Value != "http")
                yield return $"a probe of the silo is not on {path}";
        }

        if (silo.StartupProbe is { } start && start.FailureThreshold * start.PeriodSeconds < 120)
            yield return "a silo has less than two minutes to start";
    }
}
