using System.Text.RegularExpressions;

namespace MorningAI.Agents.Knowledge;

/// <summary>
/// Follows what is not read as Markdown through a Markdown text, line by line: fenced code, and the raw HTML that runs on
/// over blank lines (<c>pre</c>, <c>script</c>, comments and their like). Either may stand inside a list item, and ends
/// with it. In a quote it needs no following: every line there carries its mark.
/// </summary>
public sealed partial class MarkdownVerbatim
{
    private string? _end;
    private bool _isFence;
    private bool _isInItem;
    private int _indent;

    /// <summary>Null outside. Inside: a line that ends it, indented as its opener is, so that it ends in the same list item.</summary>
    public string? Closer => _end is null ? null : new string(' ', _indent) + _end;

    /// <returns>Whether the line is verbatim, its opener and closer included.</returns>
    public bool Read(string line)
    {
        if (_isInItem && !string.IsNullOrWhiteSpace(line) && line.Length - line.TrimStart().Length < _indent)
            (_end, _isInItem) = (null, false);
        if (_end is null)
        {
            var open = Opener().Match(line);
            if (!open.Success)
                return false;
            (_end, _isFence) = EndOf(open.Groups["open"].Value);
            _indent = open.Groups["open"].Index;
            _isInItem = open.Groups["item"].Success;
            if (_isFence)
                return true;
        }

        if (Ends(line))
            (_end, _isInItem) = (null, false);
        return true;
    }

    private bool Ends(string line)
    {
        if (!_isFence)
            return line.Contains(_end!, StringComparison.OrdinalIgnoreCase);
        var text = line.AsSpan().Trim();
        return text.Length >= _end!.Length && text.TrimStart(_end[0]).IsEmpty;
    }

    private static (string End, bool IsFence) EndOf(string open) => open[0] != '<' ? (open, true) : open switch
    {
        "<!--" => ("-->", false),
        "<?" => ("?>", false),
        "<![CDATA[" => ("]]>", false),
        _ when open.StartsWith("<!", StringComparison.Ordinal) => (">", false),
        _ => ($"</{open[1..]}>", false),
    };

    // What CommonMark lets run over blank lines: fences, and HTML blocks of kinds 1 to 5.
    [GeneratedRegex(@"^(?<item>\s*([-*+]|\d{1,9}[.)])\s+)*\s*(?<open>`{3,}(?=[^`]*$)|~{3,}|<!--|<\?|<!\[CDATA\[|<![a-z]|<(pre|script|style|textarea)(?=[\s>]|$))", RegexOptions.IgnoreCase)]
    private static partial Regex Opener();
}
