using System.CommandLine;
using MorningAI.Cli.Chaos.Load;

namespace MorningAI.Cli.Bench.Load;

/// <summary><c>morningai bench-client</c>: the client library in a process of its own, told by <c>bench</c> what to do. Not for people.</summary>
internal static class BenchClientCommand
{
    public const string Name = "bench-client";

    public static Command Create(Terminal terminal)
    {
        var gateway = new Option<string>("--gateway") { HelpName = "HOST:PORT", Required = true };
        var payload = new Option<int>("--payload") { HelpName = "BYTES", Required = true };
        var command = new Command(Name, "Submits what 'morningai bench' asks for.") { gateway, payload };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var client = await LoadClient.Connect(o => o.Gateways = [parsed.GetRequiredValue(gateway)], cancellationToken);
            await new BenchClient(terminal, client.Tasks, parsed.GetRequiredValue(payload)).Run(cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
