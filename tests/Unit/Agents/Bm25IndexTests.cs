using MorningAI.Agents.Knowledge;

namespace MorningAI.Tests.Unit.Agents;

public class Bm25IndexTests
{
    private static Bm25Index Of(params string[] texts) => new([.. texts.Select(t => (IReadOnlyList<WeightedText>)[new WeightedText(t, 1)])]);

    [Fact]
    public void Search_RareTerm_OutranksCommonOne()
    {
        var index = Of("redis server", "redis journal", "redis worker", "redis queue");

        Assert.Equal(1, index.Search("redis journal", 4)[0].Entry);
    }

    [Fact]
    public void Search_SameTermCount_PrefersTheShorterText()
    {
        var index = Of("outage " + string.Join(' ', Enumerable.Range(0, 50).Select(i => $"word{i}")), "outage handling", "other text");

        Assert.Equal([1, 0], index.Search("outage", 4).Select(h => h.Entry));
    }

    [Fact]
    public void Search_RepeatedTerm_Saturates()
    {
        var index = Of("latency " + string.Join(' ', Enumerable.Repeat("latency", 40)), "latency budget", "a third entry here");

        Assert.Equal(1, index.Search("latency budget", 4)[0].Entry);
    }

    [Fact]
    public void Search_TermInHeading_CountsMore()
    {
        var index = new Bm25Index([[new("other", 3), new("outage", 1)], [new("outage", 3), new("other", 1)]]);

        Assert.Equal(1, index.Search("outage", 2)[0].Entry);
    }

    [Fact]
    public void Search_AllTermsThere_CoversAll() => Assert.Equal(1, Of("redis outage", "x y z").Search("Redis outages?", 2)[0].Coverage, 12);

    [Fact]
    public void Search_UnknownTerms_LowerTheCoverage()
    {
        var hit = Of("redis outage", "redis worker", "redis queue").Search("redis sourdough bread", 1)[0];

        Assert.InRange(hit.Coverage, 0.01, 0.1);
    }

    [Theory]
    [InlineData("sourdough")]
    [InlineData("")]
    [InlineData("how do I?")]
    public void Search_NoSharedTerm_FindsNothing(string question) => Assert.Empty(Of("redis outage").Search(question, 5));

    [Fact]
    public void Search_EmptyIndex_FindsNothing() => Assert.Empty(Of().Search("redis", 5));
}
