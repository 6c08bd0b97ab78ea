namespace MorningAI.Cli.Display;

/// <summary>Foreign text made fit for a terminal: no control characters, so nothing in it moves the cursor or hides a line.</summary>
internal static class Plain
{
    /// <summary>On one line.</summary>
    public static string Line(string? text) => text is null || !text.Any(char.IsControl)
        ? text ?? ""
        : string.Concat(text.Select(c => c is '\n' or '\t' ? ' ' : char.IsControl(c) ? '?' : c));

    /// <summary>On as many lines as it has.</summary>
    public static string Lines(string text) => text.All(c => c == '\n' || !char.IsControl(c))
        ? text
        : string.Concat(text.Replace("\r\n", "\n", StringComparison.Ordinal).Select(c => c == '\t' ? ' ' : c != '\n' && char.IsControl(c) ? '?' : c));

    /// <summary>On one line of at most 80 characters.</summary>
    public static string Short(string text) => Line(text.Length > 80 ? text[..80] + "…" : text);
}
