using CsCheck;
using MorningAI.Tasks;
using Xunit;

namespace MorningAI.Tests.Unit.Ids;

public class Base32Tests
{
    [Fact]
    public void TryDecode_Encoded_IsTheSame() => Gen.Guid.Sample(value =>
        Base32.TryDecode(Base32.Encode(value), out var back) && back == value);

    [Fact]
    public void Encode_OrderOfText_IsOrderOfValue() => Gen.Select(Gen.Guid, Gen.Guid).Sample((a, b) =>
        Math.Sign(string.CompareOrdinal(Base32.Encode(a), Base32.Encode(b))) == Math.Sign(string.CompareOrdinal(a.ToString("N"), b.ToString("N"))));

    [Fact]
    public void TryDecode_Accepted_HasOneSpelling() => Gen.String[Gen.Char["0123456789abcdefghijklmnopqrstuvwxyzABC"], 25, 27].Sample(text =>
        !Base32.TryDecode(text, out var value) || Base32.Encode(value) == text);

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000000000")]
    [InlineData("000000000000000000000000000")]
    [InlineData("80000000000000000000000000")]
    [InlineData("0000000000000000000000000i")]
    [InlineData("0000000000000000000000000A")]
    public void TryDecode_WrongText_IsRefused(string text) => Assert.False(Base32.TryDecode(text, out _));
}
