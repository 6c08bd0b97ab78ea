using System.CommandLine;
using System.Globalization;
using MorningAI.Cli.Bench.Load;
using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Bench.Report;
using MorningAI.Cli.Bench.Systems;
using MorningAI.Cli.Chaos.Stage;
using MorningAI.Cli.Commands;
using MorningAI.Cli.Display;
using MorningAI.Cli.Input;

namespace MorningAI.Cli.Bench;

/// <summary><c>morningai bench</c>: measures this system beside others on the same work and machine.</summary>
internal static class BenchCommand
{
    private const string Nobody = "none";

    private static readonly string Description = $"""
        Measures this system beside others: the same work, on this machine, in turns, each on an empty Redis of its own.

        Starts redis-server and every system on free ports. Peers are installed into a folder of the bench's own; what cannot
        be had is skipped with the reason. A warm-up comes first and is not counted; figures are medians over the runs,
        ratios are taken within one run. Nothing else should run on the machine meanwhile.

        Peers: {string.Join(", ", KnownSystems.PeerNames)}
        Measures: {string.Join(", ", MeasureNames)}
        """;

    private static IEnumerable<string> MeasureNames => Enum.GetValues<Measure>()
        .Where(m => m is not (Measure.None or Measure.All or Measure.BacklogMillion))
        .Select(Name);

    public static Command Create(Terminal terminal)
    {
        var versus = new Option<string[]?>("--vs") { HelpName = "PEERS", Description = $"Whom to compare with, separated by commas; '{Nobody}' for nobody. Default: all that can be had", CustomParser = ArgumentText.As<string[]?>(Peers) };
        var number = new Option<int?>("--n") { HelpName = "N", Description = "Tasks of one measure, 100 to 1000000. Default: 20000", CustomParser = ArgumentText.As<int?>(t => Number(t, 100, 1_000_000, "a number of tasks")) };
        var payload = new Option<int?>("--payload") { HelpName = "BYTES", Description = $"Of each task, {Payloads.MinBytes} to 100000. Default: 200", CustomParser = ArgumentText.As<int?>(t => Number(t, Payloads.MinBytes, 100_000, "a payload size in bytes")) };
        var runs = new Option<int?>("--runs") { HelpName = "R", Description = "Of each system, 1 to 100. Default: 5", CustomParser = ArgumentText.As<int?>(t => Number(t, 1, 100, "a number of runs")) };
        var measures = new Option<Measure?>("--measure") { HelpName = "MEASURES", Description = "Only these, separated by commas; submit, bulk and drain are always done. Default: all", CustomParser = ArgumentText.As<Measure?>(t => Chosen(t)) };
        var million = new Option<bool>("--backlog-million") { Description = "Also drain a backlog of a million tasks of our own: takes minutes a run, and some GB." };
        var output = new Option<string?>("--out") { HelpName = "FILE.md", Description = "Also write the report there, as Markdown." };
        var json = Shared.Json("Print the report as one JSON object, on the last line.");
        var command = new Command("bench", Description) { versus, number, payload, runs, measures, million, output, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var defaults = new BenchSettings();
            var settings = defaults with
            {
                // An option of many is empty, not null, where it was not given.
                Versus = parsed.GetResult(versus) is null ? null : parsed.GetValue(versus),
                Number = parsed.GetValue(number) ?? defaults.Number,
                PayloadBytes = parsed.GetValue(payload) ?? defaults.PayloadBytes,
                Runs = parsed.GetValue(runs) ?? defaults.Runs,
                Measures = (parsed.GetValue(measures) ?? defaults.Measures) | (parsed.GetValue(million) ? Measure.BacklogMillion : Measure.None),
            };
            return Run(terminal, settings, parsed.GetValue(output), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> Run(Terminal terminal, BenchSettings settings, string? output, bool json, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new CliException("bench starts redis-server and asks the system for what its processes used: run it on Linux or macOS.", ExitCode.Failed);

        using var file = output is null ? null : OutputFile.Open(output);
        var redis = RedisProgram.Find(terminal, "bench measures on a real Redis", "bench");
        var report = await new BenchRun(terminal, settings, redis).Run(cancellationToken);
        file?.Write(BenchMarkdown.Of(report));
        terminal.Out.WriteLine(json ? report.ToJson() : BenchText.Of(report));
        return report.Runs < settings.Runs ? ExitCode.Interrupted : ExitCode.Ok;
    }

    private static string[] Peers(string text)
    {
        if (text is Nobody or "")
            return [];
        var names = text.Split(',', StringSplitOptions.TrimEntries).Distinct().ToArray();
        return names.FirstOrDefault(name => !KnownSystems.PeerNames.Contains(name)) is { } unknown
            ? throw new FormatException($"'{Plain.Short(unknown)}' is not a peer. Known: {string.Join(", ", KnownSystems.PeerNames)}; or '{Nobody}'.")
            : names;
    }

    private static Measure Chosen(string text) => text.Split(',', StringSplitOptions.TrimEntries).Aggregate(Measure.None, (sum, name) => MeasureNames.Contains(name)
        ? sum | Enum.Parse<Measure>(name, ignoreCase: true)
        : throw new FormatException($"'{Plain.Short(name)}' is not a measure. Known: {string.Join(", ", MeasureNames)}."));

    private static int Number(string text, int from, int to, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{Plain.Short(text)}' is not {what}: use {from} to {to}."));

    private static string Name(Measure measure) => measure.ToString().ToLowerInvariant();
}
