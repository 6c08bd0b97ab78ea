using CsCheck;
using MorningAI.Cluster.Reminders;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Cluster.Reminders;

/// <summary>Rows in Redis, in records, and their order.</summary>
public sealed class ReminderRowTests
{
    private static readonly Gen<ReminderRow> Row = Gen.Select(
        Gen.String[Gen.Char['!', '~'], 1, 12],
        Gen.OneOf(Gen.String[0, 12], Gen.Const("a \"quoted\\ name\"], é/#,")),
        Gen.Long[1, 4_000_000_000_000],
        Gen.DateTime,
        Gen.TimeSpan,
        Gen.Bool,
        (grain, name, stamp, start, period, isLive) => new ReminderRow(
            new ReminderKey(GrainId.Create("g", grain), name),
            ReminderEtag.Of(stamp),
            isLive ? new ReminderSchedule(DateTime.SpecifyKind(start, DateTimeKind.Utc), period) : null));

    [Fact]
    public void Parse_OfAnyMember_IsTheRow() => Row.Sample(row => IsSame(row, ReminderRow.Parse(row.Member)) && row.Member.StartsWith(row.Prefix + ",\"", StringComparison.Ordinal));

    [Fact]
    public void FromWrite_OfAnyRecord_IsTheRow() => Row.Sample(row =>
    {
        var back = ReminderRecords.FromWrite(ReminderRecords.ToWrite(row, writer: 7));
        return back.Key == row.Key && back.Stamp == row.Stamp && back.Schedule == row.Schedule && (!row.IsLive || back.ETag == row.ETag);
    });

    [Fact]
    public void ToWrite_LaterStamp_IsNoConflictForTheStore()
    {
        var records = new Storage.FakeRecords();
        var (early, late) = (Stamped(5), Stamped(9));
        Assert.Equal(WriteResult.Stored, records.Put(ReminderRecords.ToWrite(early, 1)).Result);
        Assert.Equal(WriteResult.Stored, records.Put(ReminderRecords.ToWrite(late, 2)).Result);
        Assert.Equal(WriteResult.Conflict, records.Put(ReminderRecords.ToWrite(Stamped(7), 3)).Result);
    }

    [Fact]
    public void Parse_RowOfTheStockTable_IsOlderThanAllOfOurs()
    {
        var row = ReminderRow.Parse("""
            "0A1B2C3D","worker/one","switch","d9b1d7db-5f1b-4f54-8a4e-0c8b2f5a7c11","2026-03-01T10:00:00.0000000Z","00:01:00"
            """.Trim());

        Assert.Equal(0, row.Stamp);
        Assert.Equal((GrainId.Create("worker", "one"), "switch", TimeSpan.FromMinutes(1)), (row.Key.Grain, row.Key.Name, row.Schedule!.Value.Period));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"0\",\"g/1\"")]
    [InlineData("\"0\",\"g/1\",\"n\",\"e\",\"yesterday\",\"00:01:00\"")]
    [InlineData("{")]
    public void Parse_NotARow_FormatException(string member) => Assert.Throws<FormatException>(() => ReminderRow.Parse(member));

    [Fact]
    public void StampOf_AnyEtag_IsTheMillisecondAndOrdersAsText() => Gen.Select(Gen.Long[0, (1L << 47) - 1], Gen.Long[0, (1L << 47) - 1]).Sample((one, other) =>
        ReminderEtag.StampOf(ReminderEtag.Of(one)) == one && (one == other || one < other == string.CompareOrdinal(ReminderEtag.Of(one), ReminderEtag.Of(other)) < 0));

    [Fact]
    public void IsIn_AnyTwoRangesOfARing_ExactlyOne() => Gen.Select(Row, Gen.UInt, Gen.UInt).Sample((row, a, b) => a == b || row.IsIn(a, b) != row.IsIn(b, a));

    private static ReminderRow Stamped(long stamp) => new(new ReminderKey(GrainId.Create("g", "1"), "n"), ReminderEtag.Of(stamp), new ReminderSchedule(DateTime.UnixEpoch, TimeSpan.FromMinutes(1)));

    private static bool IsSame(ReminderRow one, ReminderRow other) => (one.Key, one.ETag, one.Schedule) == (other.Key, other.ETag, other.Schedule);
}
