using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Input;
using MorningAI.Silo;
using MorningAI.Workers;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai silo</c>: runs a silo in the foreground until it is told to stop.</summary>
internal static class SiloCommand
{
    public static Command Create(Terminal terminal)
    {
        var redis = Text("--redis", "URL", "A redis:// or rediss:// URL; without it the silo keeps its data in the data directory. [env: REDIS_URL]");
        var http = Port("--http", "The port of the HTTP API; 0 takes a free one. Default: 8080 [env: MORNINGAI_HTTP_PORT]");
        var silo = Port("--silo-port", "Silo to silo. Default: 11111 [env: MORNINGAI_SILO_PORT]");
        var gateway = Port("--gateway-port", "Client library to silo. Default: 30000 [env: MORNINGAI_GATEWAY_PORT]");
        var data = SiloChoice.DataOption();
        var name = Text("--name", "NAME", "Stable over restarts: the worker and its history go by it. Default: the machine's name and the silo port [env: MORNINGAI_NAME]");
        var host = Text("--host", "ADDRESS", "The address to listen on. Default: 127.0.0.1 [env: MORNINGAI_HOST]");
        var role = Text("--role", "all|api|worker", "api: its worker runs nothing; worker: of HTTP it answers operators only. Default: all [env: MORNINGAI_ROLE]");
        role.AcceptOnlyFromAmong("all", "api", "worker");
        var command = new Command("silo", "Runs a silo: the HTTP API, the queues and a worker. Ctrl-C or SIGTERM stops it in order.")
        {
            redis, http, silo, gateway, data, name, host, role,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var defaults = new SiloSettings();
            var settings = new SiloSettings
            {
                Redis = parsed.GetValue(redis) ?? terminal.Setting("REDIS_URL"),
                HttpPort = parsed.GetValue(http) ?? PortSetting(terminal, "MORNINGAI_HTTP_PORT") ?? defaults.HttpPort,
                SiloPort = parsed.GetValue(silo) ?? PortSetting(terminal, "MORNINGAI_SILO_PORT") ?? defaults.SiloPort,
                GatewayPort = parsed.GetValue(gateway) ?? PortSetting(terminal, "MORNINGAI_GATEWAY_PORT") ?? defaults.GatewayPort,
                DataDirectory = parsed.GetValue(data) ?? terminal.Setting("MORNINGAI_DATA") ?? defaults.DataDirectory,
                Name = CheckedName(parsed.GetValue(name) ?? terminal.Setting("MORNINGAI_NAME")),
                Role = Role(parsed.GetValue(role) ?? terminal.Setting("MORNINGAI_ROLE")),
                Host = parsed.GetValue(host) ?? terminal.Setting("MORNINGAI_HOST") ?? defaults.Host,
            };
            return Run(terminal, settings, cancellationToken);
        });
        return command;
    }

    private static async Task<int> Run(Terminal terminal, SiloSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return await terminal.Silos.Run(settings, cancellationToken);
        }
        catch (SiloStartException e)
        {
            throw new CliException(e.Message, ExitCode.Failed, e);
        }
    }

    private static Option<string?> Text(string option, string value, string description) => new(option) { HelpName = value, Description = description };

    private static Option<int?> Port(string option, string description) => new(option)
    {
        HelpName = "PORT",
        Description = description,
        CustomParser = ArgumentText.As<int?>(text => ArgumentText.Port(text)),
    };

    private static int? PortSetting(Terminal terminal, string variable)
    {
        try
        {
            return terminal.Setting(variable) is { } text ? ArgumentText.Port(text) : null;
        }
        catch (FormatException e)
        {
            throw new CliException($"{variable}: {e.Message}", ExitCode.BadInput, e);
        }
    }

    private static SiloRole Role(string? text)
    {
        try
        {
            return SiloSettings.ReadRole(text);
        }
        catch (SiloStartException e)
        {
            throw new CliException($"MORNINGAI_ROLE: {e.Message}", ExitCode.BadInput, e);
        }
    }

    private static string? CheckedName(string? name) => name is null || WorkerName.TryParse(name, out _)
        ? name
        : throw new CliException($"'{Plain.Short(name)}' is not a silo's name: use 1 to 128 letters, digits, '_', '-' and '.'.", ExitCode.BadInput);
}
