using CsCheck;
using MorningAI.Finding;
using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Finding;

public sealed class FindPlaceTests
{
    [Fact]
    public void Parse_AnyPlace_IsThePlaceThatWasWritten() =>
        Gen.Select(Gen.Int[0, FindPlace.Order.Count - 1], Gen.Long[0, 1L << 53], Gen.Guid, Gen.Bool).Sample((state, score, task, isBegun) =>
        {
            var place = new FindPlace(FindPlace.Order[state], Given.Partition, isBegun ? new IndexPlace(task, score) : null);
            Assert.True(FindPlace.TryParse(place.ToString(), out var parsed));
            Assert.Equal(place, parsed);
        });

    [Fact]
    public void Parse_AnyText_IsAPlaceOrFalse() => Gen.String.Sample(text => FindPlace.TryParse(text, out var place) == place is not null);

    [Theory]
    [InlineData("")]
    [InlineData("dead~default.0~1")]
    [InlineData("dead~default~~")]
    [InlineData("gone~default.0~~")]
    [InlineData("dead~default.0~-1~00000000000000000000000001")]
    [InlineData("dead~default.0~1~")]
    public void Parse_NotAPlace_IsFalse(string text) => Assert.False(FindPlace.TryParse(text, out _));

    [Fact]
    public void Order_HasEveryStateOnce() => Assert.Equal(Enum.GetValues<TaskState>().Order(), FindPlace.Order.Order());
}
