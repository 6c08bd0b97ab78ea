using System.Diagnostics.CodeAnalysis;

namespace MorningAI.Schedules;

/// <summary>Time zones by their IANA names.</summary>
internal static class TimeZones
{
    /// <summary>The most characters of a name; the longest of today's has 32.</summary>
    public const int MaxLength = 64;

    /// <summary>A name that is further from what was written than this is no suggestion.</summary>
    private const int Near = 3;

    private static readonly Lazy<string[]> Names = new(() => [ScheduleSpec.Utc, .. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Order(StringComparer.Ordinal)]);

    /// <param name="fault">What is wrong and how to mend it; null where nothing is.</param>
    public static bool TryFind(string? name, [NotNullWhen(true)] out TimeZoneInfo? zone, [NotNullWhen(false)] out string? fault)
    {
        (zone, fault) = (null, null);
        if (name is { Length: > 0 and <= MaxLength } && name.All(IsPart) && char.IsAsciiLetterUpper(name[0]) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone) && zone.HasIanaId)
            return true;
        zone = null;
        fault = name is { Length: > 0 and <= MaxLength } && name.All(IsPart)
            ? $"'{name}' is not a time zone that this silo knows; use an IANA name, as {Suggestions(name)}"
            : $"a time zone's name has 1 to {MaxLength} letters, digits, '_', '-', '+' and '/'; use an IANA name, as 'Europe/Berlin' or 'UTC'";
        return false;
    }

    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '/';

    private static string Suggestions(string name)
    {
        string[] near = [.. Names.Value.Select(n => (Name: n, Distance: Distance(n, name))).Where(n => n.Distance <= Near).OrderBy(n => n.Distance).Select(n => n.Name).Take(3)];
        if (near.Length == 0)
            near = [.. Names.Value.Where(n => n.EndsWith('/' + name.Replace(' ', '_'), StringComparison.OrdinalIgnoreCase)).Take(3)];
        return near.Length == 0 ? "'Europe/Berlin' or 'UTC'" : string.Join(" or ", near.Select(n => $"'{n}'"));
    }

    /// <summary>Levenshtein's, whatever the case.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > Near)
            return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(change, 1 + Math.Min(row[j], row[j - 1])));
            }
        }

        return row[^1];
    }
}
