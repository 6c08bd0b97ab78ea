using MorningAI.Agents.Knowledge;

namespace MorningAI.Tests.Unit.Agents;

public class LightStemmerTests
{
    [Theory]
    [InlineData("retry", "retries", "retried", "retrying")]
    [InlineData("configure", "configuration", "configuring", "configured")]
    [InlineData("outage", "outages")]
    [InlineData("stop", "stopped", "stopping", "stops")]
    [InlineData("connect", "connection", "connections", "connecting")]
    [InlineData("handle", "handling", "handled", "handles")]
    [InlineData("process", "processes", "processing", "processed")]
    [InlineData("deploy", "deployment", "deploying")]
    public void Stem_FormsOfOneWord_AreEqual(string word, params string[] forms) =>
        Assert.All(forms, form => Assert.Equal(LightStemmer.Stem(word), LightStemmer.Stem(form)));

    [Theory]
    [InlineData("worker", "work")]
    [InlineData("status", "state")]
    [InlineData("redis", "red")]
    [InlineData("health", "heal")]
    public void Stem_DifferentWords_StayApart(string one, string other) => Assert.NotEqual(LightStemmer.Stem(one), LightStemmer.Stem(other));
}
