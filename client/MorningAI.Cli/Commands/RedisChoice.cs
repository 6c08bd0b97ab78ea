using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MorningAI.Cli.Silos;
using MorningAI.Diagnosis;

namespace MorningAI.Cli.Commands;

/// <summary>
/// Who looks at Redis: a silo, which says how it is for the work; or this process, where no silo answers and <c>REDIS_URL</c>
/// says where to look. That is always said: another machine may have another way there.
/// </summary>
internal sealed class RedisChoice(Terminal terminal, Command command)
{
    private readonly SiloChoice _silo = new(terminal, command);

    public async Task<Answer<T>> Ask<T>(
        ParseResult parsed,
        Func<SiloApi, CancellationToken, Task<Answer<T>>> bySilo,
        Func<RedisProber, CancellationToken, Task<T>> fromHere,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
    {
        try
        {
            using var api = await _silo.Connect(parsed, cancellationToken);
            return await bySilo(api, cancellationToken);
        }
        catch (CliException e) when (e.ExitCode == ExitCode.NoSilo && terminal.Setting("REDIS_URL") is not null)
        {
            var target = Target(terminal.Setting("REDIS_URL")!);
            terminal.Say($"morningai: asked from here, no silo answers: REDIS_URL is {Display.Plain.Line(target.ToString())}");
            var value = await fromHere(new RedisProber(target, RedisDiagnosis.Here, TimeProvider.System), cancellationToken);
            return new Answer<T>(value, JsonSerializer.SerializeToElement(value, type));
        }
        catch (CliException e) when (e.ExitCode == ExitCode.NoSilo)
        {
            throw new CliException($"{e.Message} To look at a Redis from here, set REDIS_URL.", e.ExitCode, e);
        }
    }

    private static RedisTarget Target(string setting)
    {
        try
        {
            return RedisTarget.Of(setting);
        }
        catch (FormatException e)
        {
            throw new CliException($"No silo answers, and REDIS_URL cannot be read: {e.Message}", ExitCode.BadInput, e);
        }
    }
}
