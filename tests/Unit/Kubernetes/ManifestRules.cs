using k8s.Models;
using Microsoft.Extensions.Options;
using MorningAI.Silo;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>What must hold of the manifests beyond their schema. Each rule yields a line for every fault.</summary>
internal static partial class ManifestRules
{
    public static IEnumerable<string> All => Rules.Keys;

    private static readonly Dictionary<string, Func<Manifests, Task<IEnumerable<string>>>> Rules = new()
    {
        [nameof(Identity)] = Identity,
        [nameof(Variables)] = Variables,
        [nameof(Data)] = Data,
        [nameof(Grace)] = Grace,
        [nameof(Ports)] = Ports,
        [nameof(Probes)] = m => Task.FromResult(Probes(m)),
        [nameof(Security)] = m => Task.FromResult(Security(m)),
        [nameof(Room)] = m => Task.FromResult(Room(m)),
        [nameof(Selectors)] = m => Task.FromResult(Selectors(m)),
        [nameof(Disruption)] = m => Task.FromResult(Disruption(m)),
        [nameof(Access)] = m => Task.FromResult(Access(m)),
        [nameof(Network)] = m => Task.FromResult(Network(m)),
        [nameof(Secrets)] = m => Task.FromResult(Secrets(m)),
        [nameof(Redis)] = m => Task.FromResult(Redis(m)),
    };

    public static async Task<IReadOnlyList<string>> Faults(string rule, Manifests manifests)
    {
        try
        {
            return [.. await Rules[rule](manifests)];
        }
        catch (Exception e) when (e is SiloStartException or InvalidOperationException or OptionsValidationException)
        {
            return [e.Message];
        }
    }

    private static IEnumerable<V1PodTemplateSpec> Pods(Manifests manifests) => manifests.Of<V1StatefulSet>().Select(s => s.Spec.Template);

    private static IEnumerable<V1PodTemplateSpec> Selected(Manifests manifests, IDictionary<string, string> selector) =>
        Pods(manifests).Where(t => Matches(new V1LabelSelector { MatchLabels = selector }, t.Metadata));

    private static bool Matches(V1LabelSelector? selector, V1ObjectMeta pod) =>
        selector is not null && (selector.MatchLabels ?? new Dictionary<string, string>()).All(l => pod.Labels.TryGetValue(l.Key, out var value) && value == l.Value);

    private static IEnumerable<string> Faults(params (bool IsFault, string Text)[] checks) => [.. checks.Where(c => c.IsFault).Select(c => c.Text)];
}
