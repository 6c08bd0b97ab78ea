using System.Text.RegularExpressions;

namespace MorningAI.Agents.Knowledge;

/// <summary>Follows fenced code through a Markdown text, line by line. A fence may stand inside a list item.</summary>
public sealed partial class MarkdownFence
{
    private string? _fence;
    private int _indent;

    /// <summary>Null outside code. Inside: the line that ends the code, indented as its opener is, so that it closes it in the same list item.</summary>
    public string? Closer => _fence is null ? null : new string(' ', _indent) + _fence;

    /// <returns>Whether the line is code, its fences included.</returns>
    public bool Read(string line)
    {
        if (_fence is null)
        {
            var open = Opener().Match(line);
            if (!open.Success)
                return false;
            _fence = open.Groups["fence"].Value;
            _indent = open.Groups["fence"].Index;
            return true;
        }

        var text = line.AsSpan().Trim();
        if (text.Length >= _fence.Length && text.TrimStart(_fence[0]).IsEmpty)
            _fence = null;
        return true;
    }

    [GeneratedRegex(@"^(\s*([-*+]|\d{1,9}[.)])\s+)*\s*(?<fence>`{3,}(?=[^`]*$)|~{3,})")]
    private static partial Regex Opener();
}
