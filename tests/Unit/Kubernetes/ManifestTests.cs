using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace MorningAI.Tests.Unit.Kubernetes;

public sealed class ManifestTests
{
    public static TheoryData<string> RuleNames => [.. ManifestRules.All];

    /// <summary>Rule, file, what is there, and what breaks the rule.</summary>
    public static TheoryData<string, string, string, string> Mutations => new()
    {
        { "Identity", "silo.yaml", "value: $(POD_NAME)", "value: silo" },
        { "Identity", "silo.yaml", "value: $(POD_IP)", "value: 127.0.0.1" },
        { "Identity", "silo.yaml", "value: $(ORLEANS_CLUSTER_ID)", "value: other" },
        { "Identity", "silo.yaml", "        orleans/clusterId: morningai\n", "" },
        { "Identity", "silo.yaml", "        orleans/serviceId: morningai\n", "" },
        { "Identity", "silo.yaml", "- name: POD_NAMESPACE", "- name: POD_SPACE" },
        { "Identity", "silo.yaml", "- name: REDIS_URL", "- name: REDIS" },
        { "Identity", "silo.yaml", "fieldPath: status.podIP", "fieldPath: metadata.name" },
        { "Variables", "silo.yaml", "- name: MORNINGAI_DATA", "- name: MORNINGAI_DATA_DIR" },
        { "Variables", "silo.yaml", "- name: REDIS_PASSWORD", "- name: REDIS_PASS" },
        { "Variables", "silo.yaml", "enableServiceLinks: false", "enableServiceLinks: true" },
        { "Variables", "config.yaml", "MorningAI__Workers__Concurrency", "MorningAI__Workers__Slots" },
        { "Variables", "config.yaml", "MorningAI__Workers__Concurrency", "MorningAI__Worker__Concurrency" },
        { "Data", "silo.yaml", "value: /data", "value: /var/data" },
        { "Data", "silo.yaml", "mountPath: /data", "mountPath: /store" },
        { "Data", "silo.yaml", "mountPath: /tmp", "mountPath: /temp" },
        { "Data", "silo.yaml", "whenScaled: Retain", "whenScaled: Delete" },
        { "Grace", "silo.yaml", "terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 45" },
        { "Grace", "config.yaml", "\"00:00:25\"", "\"00:01:00\"" },
        { "Grace", "silo.yaml", "seconds: 5", "seconds: 1" },
        { "Ports", "silo.yaml", "containerPort: 8080", "containerPort: 80" },
        { "Ports", "silo.yaml", "- name: MORNINGAI_DATA", "- name: MORNINGAI_SILO_PORT\n              value: \"1\"\n            - name: MORNINGAI_DATA" },
        { "Ports", "silo-services.yaml", "port: 30000", "port: 3000" },
        { "Ports", "silo-services.yaml", "targetPort: gateway", "targetPort: door" },
        { "Ports", "silo-services.yaml", "name: morningai-silos", "name: silos" },
        { "Ports", "redis.yaml", "      port: 6379", "      port: 6380" },
        { "Ports", "silo.yaml", "@morningai-redis:6379", "@redis:6379" },
        { "Probes", "silo.yaml", "          livenessProbe:\n            httpGet:\n              path: /health/live", "          livenessProbe:\n            httpGet:\n              path: /health/ready" },
        { "Probes", "silo.yaml", "          startupProbe:\n            httpGet:\n              path: /health/live", "          startupProbe:\n            httpGet:\n              path: /health" },
        { "Probes", "silo.yaml", "path: /health/ready", "path: /health" },
        { "Probes", "silo.yaml", "failureThreshold: 150", "failureThreshold: 15" },
        { "Probes", "redis.yaml", "readinessProbe:", "startupProbe:" },
        { "Security", "silo.yaml", "runAsNonRoot: true", "runAsNonRoot: false" },
        { "Security", "silo.yaml", "type: RuntimeDefault", "type: Unconfined" },
        { "Security", "silo.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false" },
        { "Security", "redis.yaml", "allowPrivilegeEscalation: false", "privileged: true" },
        { "Security", "redis.yaml", "drop: [ALL]", "add: [SYS_ADMIN]" },
        { "Security", "redis.yaml", "      terminationGracePeriodSeconds", "      hostNetwork: true\n      terminationGracePeriodSeconds" },
        { "Room", "silo.yaml", "              memory: 2Gi", "              cpu: 1\n              memory: 2Gi" },
        { "Room", "redis.yaml", "            limits:\n              memory: 2Gi\n", "" },
        { "Room", "silo.yaml", "topologyKey: kubernetes.io/hostname", "topologyKey: rack" },
        { "Selectors", "silo.yaml", "    matchLabels:\n      app.kubernetes.io/name: morningai\n      app.kubernetes.io/component: silo\n  # A silo's", "    matchLabels:\n      app.kubernetes.io/name: morning\n  # A silo's" },
        { "Selectors", "silo-services.yaml", "  selector:\n    app.kubernetes.io/name: morningai\n    app.kubernetes.io/component: silo\n", "  selector:\n    app.kubernetes.io/name: morningai\n" },
        { "Selectors", "config.yaml", "name: morningai\n", "name: settings\n" },
        { "Selectors", "silo.yaml", "- name: tmp\n          emptyDir", "- name: temp\n          emptyDir" },
        { "Disruption", "silo.yaml", "maxUnavailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: morningai", "maxUnavailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: silo" },
        { "Disruption", "silo.yaml", "maxUnavailable: 1", "maxUnavailable: 0" },
        { "Disruption", "silo.yaml", "replicas: 3", "replicas: 1" },
        { "Access", "access.yaml", "  kind: Role\n  name: morningai-silo", "  kind: Role\n  name: silo" },
        { "Access", "access.yaml", "- kind: ServiceAccount\n    name: morningai-silo", "- kind: ServiceAccount\n    name: default" },
        { "Access", "access.yaml", "- kind: ServiceAccount\n    name: morningai-silo", "- kind: ServiceAccount\n    name: morningai-silo\n    namespace: other" },
        { "Access", "access.yaml", "automountServiceAccountToken: false", "automountServiceAccountToken: true" },
        { "Access", "silo.yaml", "serviceAccountName: morningai-silo", "serviceAccountName: default" },
        { "Access", "silo.yaml", "automountServiceAccountToken: true", "automountServiceAccountToken: false" },
        { "Access", "redis.yaml", "automountServiceAccountToken: false", "automountServiceAccountToken: true" },
        { "Network", "network.yaml", "        - port: redis", "        - port: other" },
        { "Network", "network.yaml", "        - port: http", "        - port: gateway" },
        { "Network", "network.yaml", "              app.kubernetes.io/part-of: morningai", "              app: other" },
        { "Network", "network.yaml", "      ports:\n        - port: redis", "        - ipBlock:\n            cidr: 0.0.0.0/0\n      ports:\n        - port: redis" },
        { "Network", "network.yaml", "policyTypes: [Ingress]", "policyTypes: [Egress]" },
        { "Secrets", "silo.yaml", "key: api-key", "key: key" },
        { "Secrets", "redis.yaml", "                  name: morningai\n                  key", "                  name: redis\n                  key" },
        { "Secrets", "silo.yaml", "- name: MORNINGAI_DATA\n", "- name: MORNINGAI_MODEL_API_KEY\n              value: x\n            - name: MORNINGAI_DATA\n" },
        { "Secrets", "config.yaml", "apiVersion: v1\n", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: morningai\n---\napiVersion: v1\n" },
        { "Redis", "redis.yaml", "appendonly yes", "appendonly no" },
        { "Redis", "redis.yaml", "maxmemory-policy noeviction", "maxmemory-policy allkeys-lru" },
        { "Redis", "redis.yaml", "    maxmemory 1gb\n", "" },
        { "Redis", "redis.yaml", "dir /data", "dir /var" },
        { "Redis", "redis.yaml", "requirepass $REDISCLI_AUTH", "" },
        { "Redis", "redis.yaml", "PONG|LOADING|BUSY", "PONG" },
    };

    [Theory]
    [MemberData(nameof(RuleNames))]
    public async Task Faults_AsCommitted_None(string rule) => Assert.Empty(await ManifestRules.Faults(rule, Manifests.Load()));

    [Theory]
    [MemberData(nameof(Mutations))]
    public async Task Faults_Broken_Some(string rule, string file, string there, string broken)
    {
        var files = Manifests.Read();
        Assert.Contains(there, files[file], StringComparison.Ordinal);
        var at = files[file].IndexOf(there, StringComparison.Ordinal);
        files[file] = files[file][..at] + broken + files[file][(at + there.Length)..];

        Assert.NotEmpty(await ManifestRules.Faults(rule, Manifests.Load(files)));
    }

    [Fact]
    public void Mutations_EveryRule_HasOne() => Assert.Equal(ManifestRules.All.Order(), Mutations.Select(m => m.Data.Item1).Distinct().Order());

    [Theory]
    [InlineData("silo.yaml", "replicas: 3", "replica: 3")]
    [InlineData("silo.yaml", "runAsNonRoot: true", "runAsNonroot: true")]
    [InlineData("network.yaml", "podSelector: {}", "pods: {}")]
    [InlineData("kustomization.yaml", "namespace: morningai", "namePrefix: a-")]
    public void Load_UnknownField_Throws(string file, string there, string broken)
    {
        var files = Manifests.Read();
        files[file] = files[file].Replace(there, broken, StringComparison.Ordinal);

        Assert.ThrowsAny<YamlException>(() => Manifests.Load(files));
    }

    /// <summary>Where kubectl is, it must see the same objects as the loader above.</summary>
    [Fact]
    public async Task Load_Base_IsWhatKubectlRenders()
    {
        if (await Kustomize() is not { } rendered)
            return;

        var theirs = Shown(Manifests.Parse(rendered));
        var ours = Shown(Manifests.Load().Objects);
        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        Assert.All(theirs, o => Assert.True(JsonNode.DeepEquals(o.Value, ours[o.Key]), $"{o.Key}: kubectl has {o.Value}, the loader {ours[o.Key]}"));
    }

    private static Dictionary<string, JsonNode?> Shown(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects) =>
        objects.ToDictionary(o => $"{o.Kind}/{o.Metadata.Name}", o => JsonNode.Parse(KubernetesJson.Serialize(o)));

    private static async Task<string?> Kustomize()
    {
        try
        {
            using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", Manifests.Folder]) { RedirectStandardOutput = true })!;
            var output = await kubectl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await kubectl.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, kubectl.ExitCode);
            return output;
        }
        catch (Win32Exception)
        {
            return null; // not installed
        }
    }
}
