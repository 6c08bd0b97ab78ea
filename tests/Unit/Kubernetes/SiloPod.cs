using System.Text.RegularExpressions;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MorningAI.Agents.Faq;
using MorningAI.Cli;
using MorningAI.Handlers.BuiltIn;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Silo;
using MorningAI.Storage;
using MorningAI.Tests.Unit.Cli;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>A pod of the silos' StatefulSet as Kubernetes would start it, and what the silo makes of its environment.</summary>
internal sealed partial class SiloPod
{
    public const string Name = "morningai-1";

    /// <summary>This machine's, so that ports can be claimed on it; told from the default.</summary>
    public const string Address = "127.0.8.1";

    private readonly HashSet<string> _asked = [];

    private SiloPod(Manifests manifests) => Variables = Resolve(manifests);

    public IReadOnlyDictionary<string, string> Variables { get; }

    public SiloSettings Settings { get; private set; } = null!;

    public SiloPlan Plan { get; private set; } = null!;

    /// <summary>Names of the variables that the silo asked for while it started.</summary>
    public IReadOnlySet<string> Asked => _asked;

    public WorkerOptions Workers => Bound<WorkerOptions>("MorningAI:Workers");

    /// <exception cref="SiloStartException">The silo would refuse to start.</exception>
    public static async Task<SiloPod> Start(Manifests manifests)
    {
        var pod = new SiloPod(manifests);
        var silos = new StubSilos { Url = new Uri("http://127.0.0.1:1") };
        var said = new StringWriter();
        var terminal = new Terminal { Out = said, Error = said, In = Stream.Null, Variable = pod.Variable, Silos = silos };
        var container = manifests.Silos.Spec.Template.Spec.Containers.Single();
        if (await CommandRun.Run(MorningAI.Cli.Program.Commands(terminal, [.. container.Args]), [.. container.Args], TestContext.Current.CancellationToken) != ExitCode.Ok)
            throw new SiloStartException(said.ToString());
        pod.Settings = silos.Settings ?? throw new SiloStartException($"No silo starts with {string.Join(' ', container.Args)}.");
        pod.Plan = SiloPlan.Of(pod.Settings with { HttpPort = 0, SiloPort = 0, GatewayPort = 0 }, pod.Variable);
        return pod;
    }

    /// <summary>Whether a variable with a double underscore is a setting that the silo has.</summary>
    public bool IsSetting(string name)
    {
        try
        {
            return name.Split("__") switch
            {
                ["MorningAI", "Storage", ..] => Bound<DurableStorageOptions>("MorningAI:Storage") is not null,
                ["MorningAI", "Queues", ..] => Bound<QueueOptions>("MorningAI:Queues") is not null,
                ["MorningAI", "Workers", ..] => Workers is not null,
                ["MorningAI", "Intake", ..] => Bound<IntakeOptions>("MorningAI:Intake") is not null,
                ["MorningAI", "Model", ..] => Bound<FaqModelOptions>("MorningAI:Model") is not null,
                ["MorningAI", "Faq", ..] => Bound<FaqOptions>("MorningAI:Faq") is not null,
                ["MorningAI", "Http", ..] => Bound<HttpHandlerOptions>("MorningAI:Http") is not null,
                ["Logging", "LogLevel", _] => true,
                _ => false,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <exception cref="InvalidOperationException">The section has what the options have not, or a value that is none.</exception>
    private T Bound<T>(string section)
        where T : class
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Variables.ToDictionary(v => v.Key.Replace("__", ":", StringComparison.Ordinal), v => (string?)v.Value))
            .Build();
        using var services = new ServiceCollection().Configure<T>(o => configuration.GetSection(section).Bind(o, b => b.ErrorOnUnknownConfiguration = true)).BuildServiceProvider();
        return services.GetRequiredService<IOptions<T>>().Value;
    }

    private string? Variable(string name)
    {
        _asked.Add(name);
        return Variables.GetValueOrDefault(name);
    }

    private static Dictionary<string, string> Resolve(Manifests manifests)
    {
        var template = manifests.Silos.Spec.Template;
        var container = template.Spec.Containers.Single();
        var variables = new Dictionary<string, string> { ["KUBERNETES_SERVICE_HOST"] = "10.0.0.1" };
        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var (name, value) in manifests.Of<V1ConfigMap>().Single(c => c.Metadata.Name == source.ConfigMapRef.Name).Data)
                variables[name] = value;
        }

        foreach (var variable in container.Env)
            variables[variable.Name] = variable.ValueFrom is { } from ? Value(manifests, template, from) : Expand(variable.Value, variables);
        return variables;
    }

    private static string Value(Manifests manifests, V1PodTemplateSpec template, V1EnvVarSource from) => from switch
    {
        { SecretKeyRef: { } secret } => $"secret-{secret.Key}",
        { FieldRef.FieldPath: "metadata.name" } => Name,
        { FieldRef.FieldPath: "metadata.namespace" } => manifests.Silos.Metadata.NamespaceProperty,
        { FieldRef.FieldPath: "status.podIP" } => Address,
        { FieldRef.FieldPath: { } path } when LabelPath().Match(path) is { Success: true } label =>
            template.Metadata.Labels.TryGetValue(label.Groups[1].Value, out var value) ? value : "",
        _ => throw new NotSupportedException("The stand-in for a node does not know this source of a variable."),
    };

    /// <summary>What is not set before stays as it is written, as in Kubernetes.</summary>
    private static string Expand(string value, Dictionary<string, string> variables) =>
        Reference().Replace(value, r => variables.GetValueOrDefault(r.Groups[1].Value, r.Value));

    [GeneratedRegex(@"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")]
    public static partial Regex Reference();

    [GeneratedRegex(@"^metadata\.labels\['(.+)'\]$")]
    private static partial Regex LabelPath();
}
