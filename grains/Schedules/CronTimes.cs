using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace MorningAI.Schedules;

/// <summary>
/// When a schedule comes due: a cron expression in a time zone, by Cronos' rules. Where clocks go forward, a time that does
/// not exist comes due right after the gap; where they go back, a fixed time comes due once, and an interval goes on through
/// both hours.
/// </summary>
internal sealed class CronTimes
{
    /// <summary>The most characters of an expression. One that names every minute has 169.</summary>
    public const int MaxLength = 256;

    /// <summary>What is looked through forwards: at most 60 due times.</summary>
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private readonly CronExpression _cron;
    private readonly TimeZoneInfo _zone;

    private CronTimes(CronExpression cron, TimeZoneInfo zone) => (_cron, _zone) = (cron, zone);

    /// <param name="fault">What is wrong and how to mend it; null where nothing is.</param>
    public static bool TryRead(string? text, TimeZoneInfo zone, [NotNullWhen(true)] out CronTimes? times, [NotNullWhen(false)] out string? fault)
    {
        (times, fault) = (null, null);
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxLength)
        {
            fault = $"an expression has 1 to {MaxLength} characters; write five fields (minute hour day month weekday), as in '30 4 * * *', or six with seconds before them";
            return false;
        }

        try
        {
            var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
            times = new CronTimes(CronExpression.Parse(text, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard), zone);
            return true;
        }
        catch (Exception e) when (e is CronFormatException or MissingSeedException or ArgumentException)
        {
            fault = $"{e.Message.Split('\n')[0].TrimEnd('.', '\r')}. Write five fields (minute hour day month weekday), as in '30 4 * * *', six with seconds before them, or a macro as '@hourly'";
            return false;
        }
    }

    /// <exception cref="FormatException">What was stored can be read no more: another version wrote it, or the machine does not know the zone.</exception>
    public static CronTimes Of(ScheduleSpec spec) =>
        TimeZones.TryFind(spec.Zone, out var zone, out var fault) && TryRead(spec.Cron, zone, out var times, out fault)
            ? times
            : throw new FormatException($"The schedule's times cannot be read: {fault}.");

    /// <returns>The first due time behind the moment, in UTC; null where there is none.</returns>
    public DateTimeOffset? Next(DateTimeOffset after) => Utc(_cron.GetNextOccurrence(after.UtcDateTime, _zone));

    /// <summary>
    /// Due times behind one moment, up to another, the last one first. Found by <see cref="Next"/> alone: Cronos' own way
    /// back passes over what comes due right after a gap.
    /// </summary>
    public IEnumerable<DateTimeOffset> Backwards(DateTimeOffset after, DateTimeOffset upTo)
    {
        if (Next(after) is not { } first || first > upTo)
            yield break;
        if (upTo - after > Span)
        {
            var middle = after + (upTo - after) / 2;
            foreach (var due in Backwards(middle, upTo).Concat(Backwards(after, middle)))
                yield return due;
            yield break;
        }

        var found = new Stack<DateTimeOffset>();
        for (DateTimeOffset? due = first; due <= upTo; due = Next(due.Value))
            found.Push(due.Value);
        foreach (var due in found)
            yield return due;
    }

    private static DateTimeOffset? Utc(DateTime? moment) => moment is { } utc ? new DateTimeOffset(utc, TimeSpan.Zero) : null;
}
