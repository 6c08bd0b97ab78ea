namespace MorningAI.Agents.Knowledge;

/// <summary>
/// Brings the common forms of an English word together: <c>retries, retried, retry</c>; <c>configuring, configuration,
/// configure</c>. Lighter than Porter's on purpose: it keeps <c>worker</c> and <c>work</c> apart, which name different things here.
/// </summary>
public static class LightStemmer
{
    private const int ShortestStem = 3;

    /// <param name="word">Lower case.</param>
    public static string Stem(string word)
    {
        if (word.Length <= ShortestStem || !word.All(char.IsAsciiLetterLower))
            return word;
        return DropFinalE(DropEnding(Singular(word)));
    }

    private static string Singular(string word) => word switch
    {
        [.. var stem, 'i', 'e', 's'] when stem.Length >= 2 => stem + "y",
        [.. var stem, 's', 's', 'e', 's'] => stem + "ss",
        [.. var stem, 'x' or 'h', 'e', 's'] => word[..^2],
        [.., 's', 's'] or [.., 'u', 's'] or [.., 'i', 's'] => word,
        [.. var stem, 's'] => stem,
        _ => word,
    };

    private static string DropEnding(string word) => word switch
    {
        [.. var stem, 'i', 'e', 'd'] when stem.Length >= 2 => stem + "y",
        [.. var stem, 'a', 't', 'i', 'o', 'n'] when stem.Length > ShortestStem => stem,
        [.. var stem, 'i', 'o', 'n'] when stem.Length > ShortestStem && stem[^1] is 't' or 's' => stem,
        [.. var stem, 'm', 'e', 'n', 't'] when stem.Length > ShortestStem => stem,
        [.. var stem, 'i', 'n', 'g'] when IsStem(stem) => Undouble(stem),
        [.. var stem, 'e', 'd'] when IsStem(stem) => Undouble(stem),
        _ => word,
    };

    private static string DropFinalE(string word) => word.Length > ShortestStem && word[^1] == 'e' ? word[..^1] : word;

    private static bool IsStem(string stem) => stem.Length >= ShortestStem && stem.AsSpan().IndexOfAny("aeiouy") >= 0;

    /// <summary><c>stopp</c> to <c>stop</c>, but <c>process</c> and <c>poll</c> stay.</summary>
    private static string Undouble(string stem) => stem[^1] == stem[^2] && !"lsz".Contains(stem[^1]) ? stem[..^1] : stem;
}
