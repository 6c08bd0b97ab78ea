using CsCheck;
using MorningAI.Cli.Input;

namespace MorningAI.Tests.Unit.Cli;

public class ArgumentTextTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7200)]
    [InlineData("90", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("0.25", 0.25)]
    public void Duration_Valid_IsItsSeconds(string text, double seconds) =>
        Assert.Equal(seconds, ArgumentText.Duration(text).TotalSeconds, 6);

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("5 m")]
    [InlineData("5d")]
    [InlineData("1e3")]
    [InlineData("1,5m")]
    [InlineData("NaN")]
    [InlineData("99999999h")]
    public void Duration_Invalid_SaysWhatToWrite(string text) =>
        Assert.Contains("30s, 5m, 2h", Assert.Throws<FormatException>(() => ArgumentText.Duration(text)).Message);

    [Fact]
    public void Duration_AnyText_ParsesOrThrowsFormatException() => Gen.String.Sample(text =>
    {
        try
        {
            return ArgumentText.Duration(text) > TimeSpan.Zero;
        }
        catch (FormatException)
        {
            return true;
        }
    });

    [Theory]
    [InlineData("owner/name", true)]
    [InlineData("RC918/morning.ai_x-1", true)]
    [InlineData("owner", false)]
    [InlineData("owner/", false)]
    [InlineData("a/b/c", false)]
    [InlineData("a b/c", false)]
    public void Repo_AnyText_IsOwnerAndName(string text, bool valid) =>
        Assert.Equal(valid, Record.Exception(() => ArgumentText.Repo(text)) is null);

    [Theory]
    [InlineData("ftp://x")]
    [InlineData("localhost:8080")]
    [InlineData("/tmp/x")]
    public void Url_NotHttp_Throws(string text) => Assert.Throws<FormatException>(() => ArgumentText.Url(text));
}
