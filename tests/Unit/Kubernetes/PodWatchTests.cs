using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Silo.Kubernetes;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Hosting.Kubernetes;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>Orleans' own agent against an API that keeps what it was asked.</summary>
public sealed class PodWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly FakeKubernetes _api = new(Pod("morningai-0"), Pod("morningai-1"));
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<SiloAddress> _killed = new();
    private int _complaints;
    private readonly ServiceProvider _services;
    private readonly ILifecycleObserver _watch;

    public PodWatchTests()
    {
        // The agent knows its pod from these alone. Nothing else here reads them: this is not Kubernetes.
        Environment.SetEnvironmentVariable(KubernetesHostingOptions.PodNamespaceEnvironmentVariable, "morningai");
        Environment.SetEnvironmentVariable(KubernetesHostingOptions.PodNameEnvironmentVariable, "morningai-0");
        var silos = new[] { Silo(0), Silo(1), Silo(9) };
        _services = new ServiceCollection()
            .AddLogging()
            .UseKubernetesHosting(o => o.Configure(x => x.GetClientConfiguration = () => _api.Configuration))
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("morningai", "morningai"))
            .AddSingleton(Stand.In<ILocalSiloDetails>((_, _) => silos[0].SiloAddress))
            .AddSingleton(Membership(new ClusterMembershipSnapshot(silos.ToImmutableDictionary(s => s.SiloAddress), new MembershipVersion(1))))
            .AddSingleton<KubernetesClusterAgent>()
            .BuildServiceProvider();
        var pod = new PodIdentity { Namespace = "morningai", Name = "morningai-0", Address = IPAddress.Loopback, ClusterId = "morningai", ServiceId = "morningai" };
        var log = Stand.In<ILogger>((method, _) => method.Name == nameof(ILogger.IsEnabled) ? true : Interlocked.Increment(ref _complaints));
        ILifecycleObserver? watch = null;
        new PodWatch(_services, pod, _services.GetRequiredService<IOptions<KubernetesHostingOptions>>(), _time, new Logger<PodWatch>(Stand.In<ILoggerFactory>((_, _) => log)))
            .Participate(Stand.In<ISiloLifecycle>((_, arguments) =>
            {
                watch = arguments.OfType<ILifecycleObserver>().Single();
                return Stream.Null; // the subscription
            }));
        _watch = watch!;
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.OnStop(TestContext.Current.CancellationToken).InTime();
        await _services.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Start_PodsAreGone_TheirSilosAreDead()
    {
        await _api.Start();
        await Start();
        await Until.True(() => _killed.Contains(Silo(9).SiloAddress), "the silo that has no pod is dead");
        Assert.DoesNotContain(Silo(1).SiloAddress, _killed);

        _api.Delete(Pod("morningai-1"));

        await Until.True(() => _killed.Contains(Silo(1).SiloAddress), "the silo whose pod was deleted is dead");
    }

    [Fact]
    public async Task Start_AllThatTheAgentAsks_IsWhatTheRoleGives()
    {
        await _api.Start();
        await Start();
        _api.Delete(Pod("morningai-1"));
        await Until.True(() => _killed.Contains(Silo(1).SiloAddress), "the agent does all that it does");

        var asked = _api.Calls.Distinct().Order().ToArray();
        Assert.Equal(asked, Granted("", ""));
        Assert.NotEqual(asked, Granted("list, watch", "list"));
        Assert.NotEqual(asked, Granted("list, watch", "list, watch, delete"));
        Assert.NotEqual(asked, Granted("[pods]", "[pods, secrets]"));
    }

    [Fact]
    public async Task Start_ApiIsAway_TheSiloStartsAndItIsTriedAgain()
    {
        await Start();
        await Until.True(() => Volatile.Read(ref _complaints) == 1, "it says that pods are not watched");

        await _api.Start();
        await Until.Passes(_time, Pause, () => _api.Calls.Contains("watch pods"), "pods are watched once the API is there");
    }

    [Fact]
    public async Task Start_Refused_AsksOnceInAPause()
    {
        _api.Refuses = true;
        await _api.Start();
        await Start();
        await Until.True(() => Volatile.Read(ref _complaints) == 1, "it says that it was refused");
        Assert.Single(_api.Calls);

        await Until.Passes(_time, Pause, () => Volatile.Read(ref _complaints) == 2, "it was refused again");
        Assert.Equal(2, _api.Calls.Count);
    }

    private Task Start() => _watch.OnStart(TestContext.Current.CancellationToken).InTime();

    private static string[] Granted(string there, string instead)
    {
        var files = Manifests.Read();
        if (there.Length > 0)
            files["access.yaml"] = files["access.yaml"].Replace(there, instead, StringComparison.Ordinal);
        var rules = Manifests.Load(files).Of<V1Role>().Single().Rules;
        return [.. rules.SelectMany(r => r.Verbs.SelectMany(v => r.Resources.Select(x => $"{v} {x}"))).Order()];
    }

    private static ClusterMember Silo(int number) => new(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111 + number), 1), SiloStatus.Active, $"morningai-{number}");

    /// <summary>With the labels that the silos' pods have.</summary>
    private static V1Pod Pod(string name) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, Labels = Manifests.Load().Silos.Spec.Template.Metadata.Labels },
    };

    private IClusterMembershipService Membership(ClusterMembershipSnapshot snapshot) => Stand.In<IClusterMembershipService>((method, arguments) => method.Name switch
    {
        "get_CurrentSnapshot" => snapshot,
        "get_MembershipUpdates" => Once(snapshot),
        nameof(IClusterMembershipService.Refresh) => ValueTask.CompletedTask,
        _ => Kill((SiloAddress)arguments[0]!),
    });

    private Task<bool> Kill(SiloAddress silo)
    {
        _killed.Enqueue(silo);
        return Task.FromResult(true);
    }

    private static async IAsyncEnumerable<ClusterMembershipSnapshot> Once(ClusterMembershipSnapshot snapshot, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return snapshot;
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
