using System.CommandLine;
using System.Globalization;
using MorningAI.Cli.Chaos.Faults;
using MorningAI.Cli.Chaos.Stage;
using MorningAI.Cli.Commands;
using MorningAI.Cli.Display;
using MorningAI.Cli.Input;

namespace MorningAI.Cli.Chaos;

/// <summary><c>morningai chaos</c>: breaks real processes under load and proves that the promises hold.</summary>
internal static class ChaosCommand
{
    private static readonly string Description = $"""
        Breaks a system of its own under load, and judges by a ledger outside it whether the promises held.

        Starts redis-server and silos on free ports, submits tasks at a steady rate, does the fault to the real processes,
        undoes it, and waits for the end. Exit code 0: the promises held and the fault really happened; 5: this machine does
        not let us make the fault.

        Faults:
        {KnownFaults.Table}
        """;

    public static Command Create(Terminal terminal)
    {
        var fault = new Option<string>("--fault") { HelpName = "FAULT", Required = true, Description = "What to break; see the list.", CustomParser = ArgumentText.As(Fault) };
        var silos = new Option<int?>("--silos") { HelpName = "N", Description = "How many silos, 1 to 9. Default: 2", CustomParser = ArgumentText.As<int?>(text => Silos(text)) };
        var seconds = new Option<TimeSpan?>("--seconds") { HelpName = "S", Description = "How long the fault lasts, up to 3600. Default: 6", CustomParser = ArgumentText.As<TimeSpan?>(text => Seconds(text)) };
        var rate = new Option<double?>("--rate") { HelpName = "R", Description = "Submits a second, 1 to 20000. Default: 200", CustomParser = ArgumentText.As<double?>(text => Rate(text)) };
        var load = new Option<string?>("--load") { HelpName = "plain|mixed", Description = "mixed: a fifth more tasks with delays, retries, cancels, schedules, keys and limits. Default: plain" };
        load.AcceptOnlyFromAmong("plain", "mixed");
        var seed = new Option<int?>("--seed") { HelpName = "K", Description = "Of the tasks' work and of whom the fault hits. Default: 1", CustomParser = ArgumentText.As<int?>(text => Seed(text)) };
        var slack = new Option<double?>("--slack") { HelpName = "X", Description = "Judge the promised times X times as long, and the throughput by as much less, 1 to 100: for a machine slower than they are made for. Default: 1", CustomParser = ArgumentText.As<double?>(text => Slack(text)) };
        var samples = new Option<string?>("--samples") { HelpName = "FILE", Description = "Where to write what every process holds, every 10 s, as CSV. Default: samples.csv in the evidence folder" };
        var keep = new Option<bool>("--keep") { Description = "Keep the ledger and logs also of a run that passed." };
        var json = Shared.Json("Print the report as one JSON object.");
        var command = new Command("chaos", Description) { fault, silos, seconds, rate, load, seed, slack, samples, keep, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var defaults = new ChaosSettings { Fault = parsed.GetRequiredValue(fault) };
            var settings = defaults with
            {
                Silos = parsed.GetValue(silos) ?? defaults.Silos,
                Duration = parsed.GetValue(seconds) ?? defaults.Duration,
                Rate = parsed.GetValue(rate) ?? defaults.Rate,
                IsMixed = parsed.GetValue(load) == "mixed",
                Seed = parsed.GetValue(seed) ?? defaults.Seed,
                Slack = parsed.GetValue(slack) ?? defaults.Slack,
                Samples = parsed.GetValue(samples),
                Keep = parsed.GetValue(keep),
            };
            return Run(terminal, settings, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> Run(Terminal terminal, ChaosSettings settings, bool json, CancellationToken cancellationToken)
    {
        var fault = KnownFaults.Make(settings.Fault)!;
        if (settings.Silos < fault.LeastSilos)
            throw new CliException($"{fault.Name} needs at least {fault.LeastSilos} silos: use --silos {fault.LeastSilos} or more.", ExitCode.BadInput);
        if (OperatingSystem.IsWindows())
            throw new CliException("chaos stops and kills processes with signals, which Windows does not have: run it on Linux or macOS.", ExitCode.Failed);

        var report = await new ChaosRun(terminal, settings, fault, RedisProgram.Find(terminal, "chaos needs a real Redis to break", "chaos")).Run(cancellationToken);
        terminal.Out.WriteLine(json ? report.ToJson() : ChaosText.Summary(report));
        return report.Passed ? ExitCode.Ok : ExitCode.Failed;
    }

    private static string Fault(string text) => KnownFaults.Names.Contains(text)
        ? text
        : throw new FormatException($"'{Plain.Short(text)}' is not a fault. Known: {string.Join(", ", KnownFaults.Names)}.");

    private static int Silos(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 9
        ? number
        : throw new FormatException($"'{Plain.Short(text)}' is not a number of silos: use 1 to 9.");

    private static TimeSpan Seconds(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 3600
        ? TimeSpan.FromSeconds(number)
        : throw new FormatException($"'{Plain.Short(text)}' is not a number of seconds: use more than 0 and at most 3600.");

    private static double Rate(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 20_000
        ? number
        : throw new FormatException($"'{Plain.Short(text)}' is not a rate: use 1 to 20000 submits a second.");

    private static double Slack(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 100
        ? number
        : throw new FormatException($"'{Plain.Short(text)}' is not a slack: use 1 to 100.");

    private static int Seed(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"'{Plain.Short(text)}' is not a seed: use a whole number.");
}
