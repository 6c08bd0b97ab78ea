using System.Diagnostics;
using CsCheck;
using MorningAI.Tasks;
using Xunit;

namespace MorningAI.Tests.Unit.Ids;

public class TraceIdTests
{
    [Fact]
    public void Parse_Written_IsTheSame() => Gen.Guid.Sample(value => TraceId.Parse(new TraceId(value).ToString()) == new TraceId(value));

    [Fact]
    public void ToActivityTraceId_Any_HasTheSameDigits() => Gen.Guid.Sample(value =>
        new TraceId(value).ToActivityTraceId().ToHexString() == new TraceId(value).ToString().Replace("-", "", StringComparison.Ordinal));

    [Fact]
    public void CurrentOrNew_InAnActivity_IsItsTrace()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        Assert.Equal(activity.TraceId, TraceId.CurrentOrNew().ToActivityTraceId());
    }

    [Fact]
    public void CurrentOrNew_OutsideAny_IsNew() => Assert.NotEqual(TraceId.CurrentOrNew(), TraceId.CurrentOrNew());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e473")]
    public void TryParse_WrongText_IsRefused(string? text) => Assert.False(TraceId.TryParse(text, out _));
}
