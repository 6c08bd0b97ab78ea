using System.Text.Json.Nodes;
using MorningAI.Cli.Bench;
using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Bench.Report;
using MorningAI.Cli.Bench.Systems;

namespace MorningAI.Tests.Unit.Benching;

public sealed class BenchReportTests
{
    private static readonly Machine Here = new(2, 24, "Debian 12", ".NET 10", "7.0.15", "0.10");

    private static BenchReport Report() => BenchReport.Of(
        new BenchSettings { Runs = 3 },
        Here,
        [new MorningAISystem(), new BullMq()],
        new Dictionary<string, List<RunFigures>>
        {
            [MorningAISystem.SystemName] = [Run(30_000, 40_000), Run(20_000, 50_000), Run(40_000, 60_000)],
            [BullMq.SystemName] = [Run(30_000, 20_000), Run(20_000, 20_000), Run(20_000, 20_000)],
        },
        new Dictionary<string, string> { ["rq"] = "it is | not here" },
        TimeSpan.FromSeconds(61.26));

    private static RunFigures Run(double submit, double drain) => new RunFigures().Set(Figure.Submit, submit).Set(Figure.Drain, drain);

    [Fact]
    public void ToJson_Report_OneLineWithMediansSpreadAndBars()
    {
        var json = Report().ToJson();

        Assert.DoesNotContain('\n', json);
        var report = JsonNode.Parse(json)!;
        var ours = report["systems"]!["morningai"]!;
        Assert.Equal((30_000, 20_000, 40_000), ((double)ours["medians"]!["submit"]!, (double)ours["spread"]!["submit"]!["min"]!, (double)ours["spread"]!["submit"]!["max"]!));
        Assert.Equal("it is | not here", (string)report["skipped"]!["rq"]!);
        var drain = report["ratios"]!["drain"]!;
        Assert.Equal((2.5, 2.0, "atLeast", true, "bullmq"), ((double)drain["value"]!, (double)drain["bar"]!, (string)drain["is"]!, (bool)drain["met"]!, (string)drain["against"]!));
    }

    [Fact]
    public void ToJson_WhatWasNotMeasured_IsNullBesideItsBar()
    {
        var ratios = JsonNode.Parse(Report().ToJson())!["ratios"]!.AsObject();

        Assert.Equal(
            ["submit", "submitBulk", "drain", "idleP50", "idleP99", "redisDown", "backlogMillion", "bytesPerWaitingTask", "redisCommandsPerTask", "startSeconds"],
            ratios.Select(r => r.Key));
        Assert.Equal((null, 0.9), ((double?)ratios["backlogMillion"]!["value"], (double)ratios["backlogMillion"]!["bar"]!));
        Assert.Null((bool?)ratios["backlogMillion"]!["met"]);
    }

    [Fact]
    public void Text_Report_HasARowAFigureAndSaysWhatWasMissed()
    {
        var text = BenchText.Of(Report());

        Assert.Contains("30,000 (20,000 – 40,000)", text);
        Assert.Contains("skipped: rq: it is | not here", text);
        Assert.Contains("not measured", text);
        Assert.DoesNotContain("steady", text);
    }

    [Fact]
    public void Markdown_Report_HasMachineVersionsAndSettings()
    {
        var text = BenchMarkdown.Of(Report());

        Assert.Contains("2 processors, 24 GiB", text);
        Assert.Contains("| drain | 2.5 | 2 – 3 | ≥ 2 | bullmq | met |", text);
        Assert.Contains("- **bullmq** ", text);
        Assert.Contains("concurrency 100", text);
        Assert.Contains("- **rq** was skipped: it is | not here", text);
    }

    [Fact]
    public void FigureRows_EveryFigure_HasARow()
    {
        var figures = typeof(Figure).GetFields().Where(f => f.IsLiteral && f.Name != nameof(Figure.Slow)).Select(f => (string)f.GetRawConstantValue()!);

        Assert.All(figures, figure => Assert.Contains(FigureRows.All, row => row.Figure.StartsWith(figure, StringComparison.Ordinal)));
    }
}
