namespace MorningAI;

/// <summary>Foreign text made fit to stand in an error message: short, and free of control characters.</summary>
internal static class Shown
{
    public static string Short(string? text)
    {
        if (text is null)
            return "";
        var cut = text.Length > 80 ? text[..80] + "…" : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
    }
}
