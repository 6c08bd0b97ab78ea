using CsCheck;
using MorningAI.Schedules;

namespace MorningAI.Tests.Unit.Schedules;

public sealed class CronTimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("30 4 * * *", "UTC", "2026-05-01T04:30:00Z", "2026-05-02T04:30:00Z")]
    [InlineData("*/10 * * * * *", "UTC", "2026-05-01T04:30:00Z", "2026-05-01T04:30:10Z")]
    [InlineData("@hourly", "UTC", "2026-05-01T04:30:00Z", "2026-05-01T05:00:00Z")]
    [InlineData("0 9 * * MON-FRI", "Europe/Berlin", "2026-05-01T07:00:00Z", "2026-05-04T07:00:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")] // 02:30 does not exist: right after the gap
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")] // 02:30 is there twice: once
    [InlineData("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z")] // an interval goes on
    public void Next_AfterAMoment_IsTheFirstBehindIt(string cron, string zone, string after, string expected) =>
        Assert.Equal(Moment(expected), Of(cron, zone).Next(Moment(after)));

    [Theory]
    [InlineData("*/7 * * * *", "Europe/Berlin")]
    [InlineData("30 2 * * *", "Europe/Berlin")]
    [InlineData("15 1,2,3 * * *", "America/New_York")]
    [InlineData("0 0 12 29 2 *", "UTC")]
    [InlineData("0 */5 0-4 * * SUN", "Australia/Lord_Howe")]
    public void Backwards_AnySpan_IsForwardsReversed(string cron, string zone)
    {
        var times = Of(cron, zone);
        Gen.Select(Gen.Long[0, 3600L * 24 * 365 * 3], Gen.Long[0, 3600L * 24 * 3]).Sample((seconds, length) =>
        {
            var (after, upTo) = (Start.AddSeconds(seconds), Start.AddSeconds(seconds + length));
            var forwards = new List<DateTimeOffset>();
            for (var due = times.Next(after); due <= upTo; due = times.Next(due.Value))
                forwards.Add(due.Value);
            Assert.Equal(forwards.AsEnumerable().Reverse(), times.Backwards(after, upTo));
        });
    }

    [Fact]
    public void Backwards_YearsOfSeconds_TheLastOnesAtOnce() =>
        Assert.Equal([Start, Start.AddSeconds(-1)], Of("* * * * * *").Backwards(Start.AddYears(-10), Start).Take(2));

    [Fact]
    public void Backwards_OverAGap_FindsWhatComesDueRightAfterIt() => Assert.Equal(
        [Moment("2026-03-29T01:00:00Z")],
        Of("30 2 * * *", "Europe/Berlin").Backwards(Moment("2026-03-28T12:00:00Z"), Moment("2026-03-29T12:00:00Z")));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("* * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("@sometimes")]
    [InlineData("H * * * *")]
    [InlineData("a b c d e")]
    public void TryRead_NoExpression_SaysWhatOneIs(string text)
    {
        Assert.False(CronTimes.TryRead(text, TimeZoneInfo.Utc, out _, out var fault));
        Assert.Contains("five fields", fault);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void TryRead_AnyText_NeverThrows() => Gen.String[Gen.Char["0123456789*/,-@LW#? HhMONa"], 0, 300].Sample(text =>
        Assert.True(CronTimes.TryRead(text, TimeZoneInfo.Utc, out _, out var fault) == fault is null));

    internal static CronTimes Of(string cron, string zone = "UTC") => CronTimes.Of(new ScheduleSpec { Cron = cron, Zone = zone, Kind = Given.Kind, Payload = [] });

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
