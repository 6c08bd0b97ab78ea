using MorningAI.Agents.Knowledge;

namespace MorningAI.Tests.Unit.Agents;

public class KnowledgeTermsTests
{
    [Fact]
    public void Of_Question_LeavesOnlyWhatInforms() =>
        Assert.Equal(["handl", "redis", "outag"], KnowledgeTerms.Of("How do I handle a Redis outage?"));

    [Fact]
    public void Of_Identifiers_TakesThemApart() => Assert.Equal(["redis", "url", "health", "liv"], KnowledgeTerms.Of("`REDIS_URL` /health/live"));

    [Fact]
    public void Of_TextWithoutSpaces_GivesPairs() => Assert.Equal(["redis", "斷線", "線處"], KnowledgeTerms.Of("Redis 斷線處"));

    [Theory]
    [InlineData("")]
    [InlineData("how do you do it?")]
    [InlineData("\ud800 ?!")]
    public void Of_NothingInformative_IsEmpty(string text) => Assert.Empty(KnowledgeTerms.Of(text));
}
