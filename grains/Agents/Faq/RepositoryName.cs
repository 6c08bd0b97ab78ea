using System.Text.RegularExpressions;

namespace MorningAI.Agents.Faq;

/// <summary>GitHub's <c>owner/name</c>. Checked because it stands in the document's footer.</summary>
public static partial class RepositoryName
{
    public static bool IsValid(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex Pattern();
}
