using System.Text;
using CsCheck;
using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Storage;

public sealed class RecordHeaderTests
{
    private static readonly Gen<RecordHeader> Headers = Gen.Select(Gen.Long[1, (1L << 48) - 1], Gen.Int[-1, 7], Gen.ULong)
        .Select((version, state, writer) => new RecordHeader(version, state < 0 ? null : (TaskState)state, writer));

    [Fact]
    public void Parse_WhatPrependWrote_IsTheSame() => Gen.Select(Headers, Gen.Byte.Array[0, 64]).Sample((header, body) =>
    {
        var stored = StoredRecord.Parse(header.Prepend(body));
        Assert.Equal(header, stored.Header);
        Assert.Equal(body, stored.Body.ToArray());
    });

    /// <summary>The store's script finds its fields by their places.</summary>
    [Fact]
    public void ToString_AnyHeader_HasItsFieldsInTheirPlaces() =>
        Assert.Equal("1" + "0000000000ff" + "3" + "00000000000000ab", new RecordHeader(255, TaskState.Running, 0xab).ToString());

    [Fact]
    public void Read_NotIndexed_HasNoState() =>
        Assert.Null(RecordHeader.Read(new RecordHeader(1, null, 2).Prepend([])).State);

    [Theory]
    [InlineData("")]
    [InlineData("1000000000001100000000000000")]
    public void Read_TooShort_SaysHowLong(string text) =>
        Assert.Equal($"A stored record has {text.Length} bytes; its header alone has 30.", Refusal(text));

    [Fact]
    public void Read_AnotherSchema_SaysWhatToRun() =>
        Assert.Equal("A stored record has schema '2'; this version reads '1'. Run the version that wrote it, or a later one.", Refusal("2" + "000000000001" + "1" + "0000000000000001"));

    [Theory]
    [InlineData("1" + "00000000000g" + "1" + "0000000000000001")]
    [InlineData("1" + "00000000001\0" + "1" + "0000000000000001")]
    [InlineData("1" + "00000000000A" + "1" + "0000000000000001")]
    [InlineData("1" + "000000000001" + "1" + "00000000000000A1")]
    [InlineData("1" + " 00000000001" + "1" + "0000000000000001")]
    [InlineData("1" + "000000000001" + "x" + "0000000000000001")]
    [InlineData("1" + "000000000001" + "/" + "0000000000000001")]
    [InlineData("1" + "000000000001" + ":" + "0000000000000001")]
    [InlineData("1" + "000000000001" + "1" + "000000000000000z")]
    [InlineData("1" + "000000000001" + "1" + "-000000000000001")]
    public void Read_Damaged_IsRefused(string text) => Assert.Equal("A stored record's header is damaged.", Refusal(text));

    [Fact]
    public void Read_OneByteChanged_IsReadAsWrittenOrRefused() => Gen.Select(Headers, Gen.Int[1, 29], Gen.Byte).Sample((header, place, value) =>
    {
        var bytes = header.Prepend([]);
        bytes[place] = value;
        try
        {
            Assert.Equal(Encoding.Latin1.GetString(bytes), RecordHeader.Read(bytes).ToString());
        }
        catch (InvalidDataException e)
        {
            Assert.Equal("A stored record's header is damaged.", e.Message);
        }
    },
    iter: 10_000);

    private static string Refusal(string text) => Assert.Throws<InvalidDataException>(() => RecordHeader.Read(Encoding.ASCII.GetBytes(text))).Message;
}
