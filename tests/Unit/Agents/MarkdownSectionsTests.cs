using MorningAI.Agents.Knowledge;

namespace MorningAI.Tests.Unit.Agents;

public class MarkdownSectionsTests
{
    [Fact]
    public void Split_Headings_GivesASectionEach()
    {
        var sections = MarkdownSections.Split("a.md", "# Title #\r\n\r\nIntro.\r\n\r\n## Part\r\ntext\r\n\r\n### Deep\r\nmore");

        Assert.Equal([("Title", "Intro."), ("Part", "text"), ("Deep", "more")], sections.Select(s => (s.Heading, s.Text)));
        Assert.All(sections, s => Assert.Equal(("a.md", "Title"), (s.File, s.DocumentTitle)));
        Assert.Equal([0, 1, 2], sections.Select(s => s.Position));
        Assert.Equal([true, false, false], sections.Select(s => s.IsIntroduction));
    }

    [Theory]
    [InlineData("```shell\n# a comment\n```")]
    [InlineData("~~~~\n# a comment\n~~~\n# more\n~~~~")]
    [InlineData("- item\n  ```\n# comment in a list\n  ```")]
    [InlineData("- ```\n  # comment\n  ```")]
    [InlineData("<!--\n# comment\n-->")]
    public void Split_HashInFence_IsNoHeading(string code) => Assert.Equal(code, Assert.Single(MarkdownSections.Split("a.md", "# T\n" + code)).Text);

    [Fact]
    public void Split_AfterFence_SeesHeadingsAgain() =>
        Assert.Equal(["T", "Next"], MarkdownSections.Split("a.md", "# T\n```\n# x\n```\n## Next\ny").Select(s => s.Heading));

    [Fact]
    public void Split_FenceLeftOpenInAnItem_EndsWithTheItem() =>
        Assert.Equal(["T", "Next"], MarkdownSections.Split("a.md", "# T\n- ```\n  x\n## Next\ny").Select(s => s.Heading));

    [Fact]
    public void Split_NoTitle_NamesTheFile() => Assert.Equal("notes", Assert.Single(MarkdownSections.Split("notes.md", "only text")).DocumentTitle);

    [Theory]
    [InlineData("")]
    [InlineData("# Title\n## Empty\n\n")]
    public void Split_NoText_GivesNothing(string markdown) => Assert.Empty(MarkdownSections.Split("a.md", markdown));
}
