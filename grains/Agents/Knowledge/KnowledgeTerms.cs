using System.Collections.Frozen;
using System.Text;

namespace MorningAI.Agents.Knowledge;

/// <summary>
/// Turns text into the terms that are indexed and searched: lower case, without stop words, lightly stemmed. Identifiers
/// come apart (<c>REDIS_URL</c> is two terms); Chinese, Japanese and Korean, which write no spaces, become pairs of characters.
/// </summary>
public static class KnowledgeTerms
{
    private static readonly FrozenSet<string> StopWords = (
        "a about after again all also am an and any anyone are aren as at be because been before being but by can cannot could did didn do does " +
        "doesn doing don down during each else even ever every few for from get gets give given go goes got had has have having he her here hers him his " +
        "how i if in into is isn it its just know less let like ll make makes many may me might more most much must my need needs no nor not now of " +
        "off on once one only onto or other ought our ours out over own per please same shall she should shouldn since so some something such than " +
        "that the their theirs them then there these they thing things this those through time times to too under until up upon us use used uses using ve very " +
        "via want wants was wasn way we were what whatever when where whether which while who whole whom whose why will with within without won " +
        "would wouldn yet you your yours question questions tell explain describe happen happens mean means work works").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <returns>The terms in order, repeats included.</returns>
    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        var pair = '\0';
        foreach (var c in text)
        {
            if (IsUnspaced(c))
            {
                if (Take(word) is { } before)
                    yield return before;
                if (pair != '\0')
                    yield return string.Concat([pair, c]);
                pair = c;
                continue;
            }

            pair = '\0';
            if (char.IsLetterOrDigit(c))
                word.Append(char.ToLowerInvariant(c));
            else if (Take(word) is { } term)
                yield return term;
        }

        if (Take(word) is { } last)
            yield return last;
    }

    private static string? Take(StringBuilder word)
    {
        if (word.Length == 0)
            return null;
        var text = word.ToString();
        word.Clear();
        return text.Length == 1 || StopWords.Contains(text) ? null : LightStemmer.Stem(text);
    }

    /// <summary>Kana, CJK ideographs, Hangul.</summary>
    private static bool IsUnspaced(char c) => c is (>= '\u3040' and <= '\u30ff') or (>= '\u3400' and <= '\u9fff') or (>= '\uac00' and <= '\ud7af');
}
