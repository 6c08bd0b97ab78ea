using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace MorningAI.Tests.Benchmarks.Micro;

/// <summary>The hot parts one by one, by BenchmarkDotNet: time and bytes an operation.</summary>
internal static class MicroBenchmarks
{
    private static readonly TimeInterval RoundTime = TimeInterval.FromMilliseconds(200);
    private static readonly string Results = Path.Combine("artifacts", "benchmarks");

    /// <param name="filter">As BenchmarkDotNet takes it, with or without its stars: part of a benchmark's name; null for all.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string? filter)
    {
        string[] arguments = ["--filter", filter is null ? "*" : filter.Contains('*', StringComparison.Ordinal) ? filter : $"*{filter}*"];
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly).Run(arguments, Config());
        return summaries.Any(s => s.Reports.Length > 0) && summaries.All(s => s.Reports.All(r => r.Success)) ? 0 : 1;
    }

    /// <summary>In this process, with few and short rounds: all of it takes a minute or two. For a closer look make them longer here.</summary>
    private static ManualConfig Config() => ManualConfig.CreateEmpty()
        .AddJob(Job.ShortRun.WithIterationTime(RoundTime).WithToolchain(InProcessEmitToolchain.Instance).WithId("short"))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddExporter(MarkdownExporter.GitHub)
        .AddLogger(ConsoleLogger.Default)
        .WithOptions(ConfigOptions.JoinSummary)
        .WithArtifactsPath(Results);
}
