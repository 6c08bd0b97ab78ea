using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;
using MorningAI.Diagnosis;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai redis</c>: whether Redis answers, which step on the way fails, and what it says of itself.</summary>
internal static class RedisCommand
{
    public static Command Create(Terminal terminal) => new("redis", "Looks at the Redis of a silo, from that silo; from here, at REDIS_URL, where no silo answers.")
    {
        Ping(terminal), Diagnose(terminal), Info(terminal),
    };

    private static Command Ping(Terminal terminal)
    {
        var json = Shared.Json("Print one JSON object.");
        var command = new Command("ping", "Does Redis answer, how fast, and when did it last? Exit code 1 where it does not.") { json };
        var choice = new RedisChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await choice.Ask(parsed, static (silo, token) => silo.PingRedis(token), static (here, token) => here.Ping(token), SiloJson.Default.RedisPing, cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(answer.Json) : RedisText.Describe(answer.Value, terminal.Time.GetUtcNow()));
            return answer.Value.Ok ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static Command Diagnose(Terminal terminal)
    {
        var json = Shared.Json("Print one JSON object.");
        var command = new Command("diagnose", "Goes DNS, TCP, TLS, AUTH, PING, role and write; names the first step that fails, and how to mend it. Exit code 1 where one does.") { json };
        var choice = new RedisChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await choice.Ask(parsed, static (silo, token) => silo.DiagnoseRedis(token), static (here, token) => here.Diagnose(token), SiloJson.Default.RedisDiagnosis, cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(answer.Json) : RedisText.Describe(answer.Value));
            return answer.Value.Ok ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static Command Info(Terminal terminal)
    {
        var json = Shared.Json("Print one JSON object.");
        var command = new Command("info", "Shows memory, evictions, persistence, replication, clients and slow commands, and says what of it is bad. Exit code 1 where Redis does not answer.") { json };
        var choice = new RedisChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await choice.Ask(parsed, static (silo, token) => silo.GetRedis(token), static (here, token) => here.Inspect(token), SiloJson.Default.RedisInfo, cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(answer.Json) : RedisText.Describe(answer.Value, terminal.Time.GetUtcNow()));
            return answer.Value.Ok ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }
}
