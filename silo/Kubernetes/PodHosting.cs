using System.Net;
using Orleans.Configuration;
using Orleans.Hosting.Kubernetes;

namespace MorningAI.Silo.Kubernetes;

/// <summary>Orleans' Kubernetes hosting, for silos that are pods.</summary>
internal static class PodHosting
{
    /// <summary>Call it before the silo's own names and endpoints are set: those then stand.</summary>
    public static ISiloBuilder AddPodHosting(this ISiloBuilder silo, SiloPlan plan, PodIdentity pod)
    {
        silo.UseKubernetesHosting();
        // It would listen on every address where no endpoint is named.
        silo.Configure<EndpointOptions>(o =>
        {
            o.SiloListeningEndpoint = new IPEndPoint(plan.Address, plan.SiloPort);
            o.GatewayListeningEndpoint = new IPEndPoint(plan.Address, plan.GatewayPort);
        });
        // DeleteDefunctSiloPods stays off: in a StatefulSet the dead silo's pod is its successor's pod, too.
        silo.Services.Remove(silo.Services.Single(s => s.ImplementationType == typeof(KubernetesClusterAgent)));
        silo.Services.AddSingleton<KubernetesClusterAgent>();
        silo.Services.AddSingleton(pod);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PodWatch>();
        return silo;
    }
}
