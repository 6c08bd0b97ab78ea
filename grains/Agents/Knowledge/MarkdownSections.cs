using System.Text.RegularExpressions;

namespace MorningAI.Agents.Knowledge;

/// <summary>Cuts a Markdown file at its headings. A <c>#</c> inside fenced code is no heading.</summary>
public static partial class MarkdownSections
{
    /// <param name="file">The name to cite.</param>
    /// <returns>In the file's order. A heading with nothing under it gives no section.</returns>
    public static IReadOnlyList<MarkdownSection> Split(string file, string markdown)
    {
        var parts = Cut(markdown);
        var title = parts.Find(p => p.Level == 1)?.Heading ?? Path.GetFileNameWithoutExtension(file);
        return
        [
            .. parts
                .Select(p => (Heading: p.Heading ?? title, Text: string.Join('\n', p.Lines).Trim('\n', ' ')))
                .Where(p => p.Text.Length > 0)
                .Select((p, i) => new MarkdownSection(file, title, p.Heading, i, p.Text)),
        ];
    }

    private static List<Part> Cut(string markdown)
    {
        var parts = new List<Part> { new(0, null) };
        var verbatim = new MarkdownVerbatim();
        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n'))
        {
            var heading = verbatim.Read(line) ? Match.Empty : HeadingLine().Match(line);
            if (heading.Success)
                parts.Add(new Part(heading.Groups["level"].Length, heading.Groups["text"].Value));
            else
                parts[^1].Lines.Add(line);
        }

        return parts;
    }

    [GeneratedRegex(@"^ {0,3}(?<level>#{1,6})[ \t]+(?<text>.*?\S)(?:[ \t]+#+)?[ \t]*$")]
    private static partial Regex HeadingLine();

    private sealed record Part(int Level, string? Heading)
    {
        public List<string> Lines { get; } = [];
    }
}
