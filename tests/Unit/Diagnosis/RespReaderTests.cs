using System.Text;
using MorningAI.Diagnosis;

namespace MorningAI.Tests.Unit.Diagnosis;

public sealed class RespReaderTests
{
    [Fact]
    public async Task Read_EveryKind_IsRead()
    {
        var reply = await Read("*6\r\n+OK\r\n-ERR no\r\n:-7\r\n$5\r\na\r\nbc\r\n$-1\r\n*1\r\n$0\r\n\r\n");

        Assert.Equal([RespKind.Text, RespKind.Error, RespKind.Number, RespKind.Bulk, RespKind.Null, RespKind.Array], reply.Items.Select(i => i.Kind));
        Assert.Equal(["OK", "ERR no", "-7", "a\r\nbc", "", ""], reply.Items.Select(i => i.Text));
        Assert.Equal("ERR", reply.Items[1].ErrorCode);
        Assert.Equal("", Assert.Single(reply.Items[5].Items).Text);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$1048577\r\n")]
    [InlineData("*4097\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n+deep\r\n")]
    [InlineData("*2\r\n+OK\r\n%1\r\n")]
    public async Task Read_NotAReply_IsRefused(string text) => await Assert.ThrowsAsync<RespFormatException>(() => Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("+OK")]
    [InlineData("$5\r\nabc")]
    public async Task Read_Half_IsTheEnd(string text) => await Assert.ThrowsAsync<EndOfStreamException>(() => Read(text));

    [Fact]
    public async Task Read_LineWithoutEnd_IsRefused() => await Assert.ThrowsAsync<RespFormatException>(() => Read("+" + new string('a', 20_000)));

    [Fact]
    public async Task Read_ManyBulksThatAreTooMuchTogether_IsRefused()
    {
        var bulk = $"$500000\r\n{new string('a', 500_000)}\r\n";

        await Assert.ThrowsAsync<RespFormatException>(() => Read($"*3\r\n{bulk}{bulk}{bulk}"));
    }

    private static Task<RespReply> Read(string text) =>
        new RespReader(new MemoryStream(Encoding.UTF8.GetBytes(text))).Read(TestContext.Current.CancellationToken).AsTask();
}
