namespace MorningAI.Diagnosis;

/// <summary>What INFO answers: lines of <c>name:value</c>, under headings that begin with '#'.</summary>
internal static class InfoText
{
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && line[0] != '#')
                fields[line[..colon]] = line[(colon + 1)..].TrimEnd('\r');
        }

        return fields;
    }
}
