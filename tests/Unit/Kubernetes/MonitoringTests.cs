using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Silo.Telemetry;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Telemetry;
using YamlDotNet.Serialization;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>The alert rules and the dashboard name what <c>/metrics</c> has, and can be read.</summary>
public sealed partial class MonitoringTests
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "k8s", "monitoring");

    [Theory]
    [InlineData("alert-rules.yaml")]
    [InlineData("grafana-dashboard.json")]
    public void Names_OfMetrics_AreExported(string file)
    {
        var known = Exported();
        var named = MetricName().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(m => m.Value).Distinct().ToArray();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    [Fact]
    public void Rules_Each_HasWhatAPersonNeeds()
    {
        var document = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(Path.Combine(Folder, "alert-rules.yaml")));
        var group = (Dictionary<object, object>)((List<object>)((Dictionary<object, object>)document["spec"])["groups"]).Single();
        var rules = ((List<object>)group["rules"]).Cast<Dictionary<object, object>>().ToArray();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            Assert.Matches("^MorningAI[A-Za-z]+$", (string)rule["alert"]);
            Assert.Contains((string)((Dictionary<object, object>)rule["labels"])["severity"], (string[])["warning", "critical"]);
            Assert.NotEmpty((string)((Dictionary<object, object>)rule["annotations"])["summary"]);
            Assert.NotEmpty((string)((Dictionary<object, object>)rule["annotations"])["description"]);
        });
        Assert.Equal(rules.Length, rules.Select(r => r["alert"]).Distinct().Count());
    }

    [Fact]
    public void Dashboard_Panels_HavePlacesOfTheirOwn()
    {
        var panels = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "grafana-dashboard.json")))!["panels"]!.AsArray();
        Assert.NotEmpty(panels);
        Assert.Equal(panels.Count, panels.Select(p => ((int)p!["gridPos"]!["x"]!, (int)p["gridPos"]!["y"]!)).Distinct().Count());
        Assert.All(panels, p => Assert.NotEmpty(p!["targets"]!.AsArray()));
    }

    /// <summary>Every name that a scrape can have, those of a histogram's parts included.</summary>
    private static HashSet<string> Exported()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var book = new MetricsBook();
        book.Read();
        using var tasks = new TaskMetrics(meters, TimeProvider.System);
        using var storage = new StorageMetrics(meters, new StoreHealth(TimeProvider.System, NullLogger<StoreHealth>.Instance), [new Gauge()]);
        HashSet<string> names = [.. ClusterGauges.Names];
        foreach (var series in book.Read())
        {
            var name = PrometheusText.NameOf(series.Instrument.Name, series.Instrument.Unit, series.Kind);
            names.UnionWith(series.Kind == SeriesKind.Histogram ? [name + "_bucket", name + "_sum", name + "_count"] : [name]);
        }

        return names;
    }

    [GeneratedRegex(@"\bmorningai_[a-z_]+")]
    private static partial Regex MetricName();

    private sealed class Gauge : IJournalGauge
    {
        public JournalStats Stats() => new() { Records = 0, Waiting = 0, OldestWaiting = null, FileBytes = 0, WalBytes = 0, Quarantined = 0, SetAside = [] };
    }
}
