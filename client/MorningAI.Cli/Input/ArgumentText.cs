using System.CommandLine.Parsing;
using System.Globalization;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Input;

/// <summary>Arguments from text. Each throws <see cref="FormatException"/> with a message that says what is expected.</summary>
internal static class ArgumentText
{
    public const int KeyLength = 256;

    /// <summary>Makes a parser of this kind one of the command line: its message becomes a parse error.</summary>
    public static Func<ArgumentResult, T?> As<T>(Func<string, T> parse) => result =>
    {
        try
        {
            return result.Tokens is [var token] ? parse(token.Value) : default;
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return default;
        }
    };

    /// <summary>For an option that may be repeated.</summary>
    public static Func<ArgumentResult, T[]?> Each<T>(Func<string, T> parse) => result =>
    {
        try
        {
            return [.. result.Tokens.Select(token => parse(token.Value))];
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return null;
        }
    };

    public static TaskPriority Priority(string text) => text.ToUpperInvariant() switch
    {
        "P0" => TaskPriority.P0,
        "P1" => TaskPriority.P1,
        "P2" => TaskPriority.P2,
        "P3" => TaskPriority.P3,
        _ => throw new FormatException($"'{Plain.Short(text)}' is not a priority: use P0 (first), P1, P2 or P3."),
    };

    /// <summary><c>30s</c>, <c>5m</c>, <c>2h</c>, or seconds; more than nothing, at most 365 days.</summary>
    public static TimeSpan Duration(string text)
    {
        var (number, unit) = text switch
        {
            [.. var digits, 's'] => (digits, 1),
            [.. var digits, 'm'] => (digits, 60),
            [.. var digits, 'h'] => (digits, 3600),
            _ => (text, 1),
        };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * unit is >= 0.001 and <= 365 * 86_400.0
            ? TimeSpan.FromSeconds(value * unit)
            : throw new FormatException($"'{Plain.Short(text)}' is not a duration: write 30s, 5m, 2h or a number of seconds.");
    }

    public static string Key(string text) => text.Length is > 0 and <= KeyLength
        ? text
        : throw new FormatException($"A key has 1 to {KeyLength} characters; this one has {text.Length}.");

    /// <summary>A repository as <c>owner/name</c>.</summary>
    public static string Repo(string text)
    {
        return text.Split('/') is [{ Length: > 0 } owner, { Length: > 0 } name] && owner.All(Allowed) && name.All(Allowed)
            ? text
            : throw new FormatException($"'{Plain.Short(text)}' is not a repository: write owner/name.");

        static bool Allowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
    }

    public static Uri Url(string text) => SiloFinder.TryParseUrl(text, out var url)
        ? url
        : throw new FormatException($"'{Plain.Short(text)}' is not a silo's address: write it like http://127.0.0.1:8080.");

    public static int Port(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
        ? port
        : throw new FormatException($"'{Plain.Short(text)}' is not a port: use 0 (any free one) to 65535.");
}
