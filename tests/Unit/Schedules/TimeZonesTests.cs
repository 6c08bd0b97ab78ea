using MorningAI.Schedules;

namespace MorningAI.Tests.Unit.Schedules;

public sealed class TimeZonesTests
{
    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("Etc/GMT+5")]
    public void TryFind_IanaName_IsFound(string name) => Assert.True(TimeZones.TryFind(name, out _, out _));

    [Theory]
    [InlineData("Europe/Berlinn", "'Europe/Berlin'")]
    [InlineData("europe/berlin", "'Europe/Berlin'")]
    [InlineData("Berlin", "'Europe/Berlin'")]
    [InlineData("Mars/Olympus", "'UTC'")]
    [InlineData("W. Europe Standard Time", "IANA")]
    [InlineData("../../etc/passwd", "IANA")]
    [InlineData("/etc/localtime", "IANA")]
    [InlineData("localtime", "IANA")]
    [InlineData("", "IANA")]
    [InlineData("\u0000\u001b[2J", "IANA")]
    public void TryFind_NoZone_SaysWhatToWrite(string name, string expected)
    {
        Assert.False(TimeZones.TryFind(name, out var zone, out var fault));
        Assert.Null(zone);
        Assert.Contains(expected, fault);
        Assert.DoesNotContain(fault, char.IsControl);
    }

    [Fact]
    public void TryFind_LongName_SaysTheLimit()
    {
        Assert.False(TimeZones.TryFind(new string('A', 65), out _, out var fault));
        Assert.Contains("64", fault);
    }
}
