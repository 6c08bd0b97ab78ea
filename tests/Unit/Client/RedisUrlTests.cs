using System.Net;
using CsCheck;
using MorningAI.Cluster;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.Unit.Client;

public class RedisUrlTests
{
    [Theory]
    [InlineData("redis://cache", "cache:6379,abortConnect=false")]
    [InlineData("redis://cache/", "cache:6379,abortConnect=false")]
    [InlineData("REDIS://cache:7000/0", "cache:7000,abortConnect=false")]
    [InlineData("redis://cache/5", "cache:6379,defaultDatabase=5,abortConnect=false")]
    [InlineData("rediss://cache", "cache:6379,ssl=true,abortConnect=false")]
    [InlineData("redis://:pw@cache", "cache:6379,password=pw,abortConnect=false")]
    [InlineData("rediss://me:p%40%3A%2F%25w@10.0.0.1:1/2", "10.0.0.1:1,user=me,password=p@:/%w,ssl=true,defaultDatabase=2,abortConnect=false")]
    [InlineData("redis://[::1]:6380", "[::1]:6380,abortConnect=false")]
    [InlineData("  redis://cache ", "cache:6379,abortConnect=false")]
    public void ToConfiguration_Url_IsTranslated(string url, string expected) => Assert.Equal(expected, RedisUrl.ToConfiguration(url));

    [Theory]
    [InlineData("localhost:6379", "localhost:6379,abortConnect=false")]
    [InlineData("a:1,b:2,serviceName=main,password=x", "a:1,b:2,serviceName=main,password=x,abortConnect=false")]
    [InlineData("a,ABORTCONNECT=true", "a,ABORTCONNECT=true")]
    [InlineData("a,password=x://y", "a,password=x://y,abortConnect=false")]
    public void ToConfiguration_PlainString_IsPassedThrough(string text, string expected) => Assert.Equal(expected, RedisUrl.ToConfiguration(text));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("http://cache", "'http'")]
    [InlineData("redis://", "no host")]
    [InlineData("redis://:6379", "no host")]
    [InlineData("redis://:hunter2@", "no host")]
    [InlineData("redis://cache:0", "65535")]
    [InlineData("redis://cache:hunter2", "65535")]
    [InlineData("redis://cache/main", "database number")]
    [InlineData("redis://cache?ssl=hunter2", "'?'")]
    [InlineData("redis://:hun/ter2@cache", "%2F")]
    [InlineData("redis://hunter2@cache", "one word")]
    [InlineData("redis://hunter2:@cache", "no password")]
    [InlineData("redis://:hunter2%zz@cache", "%25")]
    [InlineData("redis://:hunter2%2C@cache", "comma")]
    [InlineData("redis://[::1", "not closed")]
    [InlineData("redis://[hunter2]", "IPv6")]
    [InlineData("password=hunter2", "no server")]
    public void ToConfiguration_WrongText_NamesTheFaultWithoutTheSecret(string text, string named)
    {
        var message = Assert.Throws<FormatException>(() => RedisUrl.ToConfiguration(text)).Message;
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hun", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToConfiguration_AnyUrl_IsReadByTheRedisLibraryAsMeant()
    {
        var word = Gen.String[Gen.Char["abcXYZ019!\"#$%&'()*+-./:;<=>?@[]^_`{|}~ \u00e9\u4e2d"], 1, 24].Where(text => text.Trim() == text);
        Gen.Select(Gen.Bool, word, word, Gen.Int[1, 65535], Gen.Int[0, 15]).Sample((tls, user, password, port, database) =>
        {
            var url = $"{(tls ? "rediss" : "redis")}://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@cache:{port}/{database}";
            var read = ConfigurationOptions.Parse(RedisUrl.ToConfiguration(url));
            Assert.Equal(new DnsEndPoint("cache", port), Assert.Single(read.EndPoints));
            Assert.Equal((user, password, tls, database, false), (read.User, read.Password, read.Ssl, read.DefaultDatabase ?? 0, read.AbortOnConnectFail));
        });
    }

    [Fact]
    public void ToConfiguration_AnyText_FailsOnlyWithAFormat() => Gen.String[Gen.Char["redis:/@[]%,=?#.a1 "], 0, 30].Sample(text =>
    {
        try
        {
            Assert.NotEmpty(RedisUrl.ToConfiguration("redis://" + text));
        }
        catch (FormatException e)
        {
            Assert.NotEmpty(e.Message);
        }
    });
}
