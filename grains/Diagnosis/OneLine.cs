namespace MorningAI.Diagnosis;

/// <summary>Foreign text made fit to stand in a sentence: short, and without control characters.</summary>
internal static class OneLine
{
    public static string Of(string text, int most = 120)
    {
        var cut = text.Length > most ? text[..most] + "…" : text;
        return string.Concat(cut.Select(c => char.IsControl(c) || c == '\uFFFD' ? '?' : c));
    }
}
