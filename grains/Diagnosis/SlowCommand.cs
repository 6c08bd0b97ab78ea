using System.Globalization;

namespace MorningAI.Diagnosis;

/// <summary>An entry of Redis' slow log.</summary>
/// <param name="At">When it ran.</param>
/// <param name="Ms">How long Redis' one thread was held.</param>
/// <param name="Command">The command with the beginnings of its first arguments, which are mostly keys.</param>
public sealed record SlowCommand(DateTimeOffset At, double Ms, string Command)
{
    private const int ShownArguments = 3, ShownCharacters = 40;

    /// <summary>Their arguments are or may be secrets.</summary>
    private static readonly HashSet<string> Secret = new(["AUTH", "HELLO", "ACL", "CONFIG", "MIGRATE", "SENTINEL"], StringComparer.OrdinalIgnoreCase);

    /// <returns>The newest first; null where it is no slow log.</returns>
    internal static IReadOnlyList<SlowCommand>? Read(RespReply reply) =>
        reply.Kind == RespKind.Array ? [.. reply.Items.Select(ReadEntry).OfType<SlowCommand>()] : null;

    /// <summary>Id, seconds since 1970, microseconds, arguments, and since version 4 the client.</summary>
    private static SlowCommand? ReadEntry(RespReply entry)
    {
        if (entry.Items is not [_, var at, var micros, { Items: [var command, ..] words }, ..]
            || !long.TryParse(at.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || !long.TryParse(micros.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var duration))
            return null;
        var arguments = Secret.Contains(command.Text) ? [] : words.Skip(1).Take(ShownArguments).Select(w => OneLine.Of(w.Text, ShownCharacters));
        var hidden = words.Count - 1 - arguments.Count();
        var text = string.Join(' ', arguments.Prepend(OneLine.Of(command.Text, ShownCharacters)));
        return new SlowCommand(
            DateTimeOffset.FromUnixTimeSeconds(seconds),
            duration / 1000.0,
            hidden > 0 ? string.Create(CultureInfo.InvariantCulture, $"{text} (and {hidden} more)") : text);
    }
}
