namespace MorningAI.Agents.Knowledge;

/// <summary>What stands under one heading of a Markdown file, up to the next heading.</summary>
/// <param name="File">The file's name, as it is cited.</param>
/// <param name="DocumentTitle">The file's first heading of level 1, or its name where it has none.</param>
/// <param name="Heading">The section's own heading.</param>
/// <param name="Position">Its place in the file, from 0.</param>
/// <param name="Text">Markdown, without the heading.</param>
public sealed record MarkdownSection(string File, string DocumentTitle, string Heading, int Position, string Text)
{
    /// <summary>Whether it is the part under the document's title.</summary>
    public bool IsIntroduction => Heading == DocumentTitle;

    public bool IsTroubleshooting => Heading.Contains("troubleshoot", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it only points elsewhere.</summary>
    public bool IsLinks => Heading.StartsWith("Related", StringComparison.OrdinalIgnoreCase);
}
