using MorningAI.Diagnosis;

namespace MorningAI.Tests.Unit.Diagnosis;

public sealed class RedisTargetTests
{
    [Theory]
    [InlineData("redis://redis", "redis://redis:6379")]
    [InlineData("redis://:pa%40ss@redis:6390/2", "redis://:***@redis:6390/2")]
    [InlineData("rediss://me:pass@[::1]:6390", "rediss://me:***@[::1]:6390")]
    [InlineData("redis.example,ssl=true,password=pass", "rediss://:***@redis.example:6380")]
    [InlineData("first:1,second:2,password=pass", "redis://:***@first:1")]
    public void ToString_AnySetting_IsAUrlWithoutThePassword(string setting, string expected) => Assert.Equal(expected, RedisTarget.Of(setting).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("redis://")]
    [InlineData("password=secret")]
    [InlineData("host:1,secret=word,nosuch=secret")]
    public void Of_NotASetting_SaysSoWithoutTheSecret(string setting) =>
        Assert.DoesNotContain("secret", Assert.Throws<FormatException>(() => RedisTarget.Of(setting)).Message, StringComparison.Ordinal);
}
