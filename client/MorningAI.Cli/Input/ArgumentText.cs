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

    /// <summary>A date and a time with their offset from UTC: what has none means a different moment on each machine.</summary>
    public static DateTimeOffset Moment(string text) =>
        (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal)) && text.Contains('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            ? moment
            : throw new FormatException($"'{Plain.Short(text)}' is not a moment: write 2026-12-24T18:00Z, or 2026-12-24T19:00+01:00.");

    public static TaskState State(string text) => Enum.GetValues<TaskState>().Where(s => s.WireName() == text.ToLowerInvariant()).ToArray() is [var state]
        ? state
        : throw new FormatException($"'{Plain.Short(text)}' is not a state: use {string.Join(", ", Enum.GetValues<TaskState>().Select(s => s.WireName()))}.");

    public static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        ? count
        : throw new FormatException($"'{Plain.Short(text)}' is not a number: write 0 or more.");

    public static int Retries(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var retries) && retries < RetryPolicy.MostAttempts
        ? retries
        : throw new FormatException($"'{Plain.Short(text)}' is not a number of retries: use 0 to {RetryPolicy.MostAttempts - 1}.");

    /// <summary>Two durations, <c>1s..10m</c>.</summary>
    public static (TimeSpan First, TimeSpan Longest) Range(string text) =>
        text.Split("..") is [var first, var longest] && Duration(first) is var from && Duration(longest) is var to && from <= to
            ? (from, to)
            : throw new FormatException($"'{Plain.Short(text)}' is not a range of pauses: write the first and the longest, as in 1s..10m.");

    public static string Key(string text) => text.Length is > 0 and <= KeyLength
        ? text
        : throw new FormatException($"A key has 1 to {KeyLength} characters; this one has {text.Length}.");

    public static string Tag(string text) => text.Length is > 0 and <= 64 && !text.Any(char.IsControl)
        ? text
        : throw new FormatException($"A tag has 1 to 64 characters; this one has {text.Length}.");

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
