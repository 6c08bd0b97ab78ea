namespace MorningAI.Agents.Knowledge;

/// <summary>Finds the sections that answer a question, or none: passing off a near miss as an answer is worse than saying so.</summary>
public sealed class KnowledgeIndex
{
    /// <summary>
    /// The share of the question's information that one section must speak of. Chosen between two sets of questions in the
    /// tests: those that the runbook answers, and those that it does not, near misses among them.
    /// </summary>
    public const double RelevanceThreshold = 0.6;

    /// <summary>Where question and title share this much of their terms, the answer is the document as a whole.</summary>
    private const double WholeDocumentThreshold = 0.6;

    private const int MaxPassages = 4;
    private const int MaxCharacters = 12_000;
    private const int HeadingWeight = 3;
    private const int TitleWeight = 2;

    private readonly IReadOnlyList<MarkdownSection> _sections;
    private readonly Bm25Index _index;

    public KnowledgeIndex(IReadOnlyList<MarkdownSection> sections)
    {
        _sections = sections;
        _index = new Bm25Index(
        [
            .. sections.Select(s => (IReadOnlyList<WeightedText>)
                [new(s.DocumentTitle, TitleWeight), new(s.IsIntroduction ? "" : s.Heading, HeadingWeight), new(s.Text, 1)]),
        ]);
    }

    /// <returns>The best document's sections first, in their own order; at most 12,000 characters. Empty where nothing is relevant.</returns>
    public IReadOnlyList<MarkdownSection> Find(string question)
    {
        var hits = _index.Search(question, limit: 2 * MaxPassages);
        if (!hits.Any(h => h.Coverage >= RelevanceThreshold))
            return [];

        var best = _sections[hits.First(h => h.Coverage >= RelevanceThreshold).Entry];
        var chosen = IsAbout(question, best.DocumentTitle)
            ? Document(best.File).Where(s => !s.IsLinks)
            : hits.Where(h => h.Coverage >= RelevanceThreshold && h.Score >= hits[0].Score / 2)
                .Select(h => _sections[h.Entry])
                .Where(s => !s.IsLinks)
                .Take(MaxPassages)
                .GroupBy(s => s.File)
                .SelectMany(file => file.OrderBy(s => s.Position));
        return Fit(chosen.DefaultIfEmpty(best));
    }

    /// <summary>The sections of one document, for what belongs beside an answer from it.</summary>
    public IEnumerable<MarkdownSection> Document(string file) => _sections.Where(s => s.File == file);

    private static bool IsAbout(string question, string title)
    {
        var (asked, named) = (KnowledgeTerms.Of(question).ToHashSet(StringComparer.Ordinal), KnowledgeTerms.Of(title).ToHashSet(StringComparer.Ordinal));
        return asked.Count(named.Contains) >= WholeDocumentThreshold * Math.Max(asked.Count, named.Count);
    }

    private static List<MarkdownSection> Fit(IEnumerable<MarkdownSection> sections)
    {
        var fitting = new List<MarkdownSection>();
        var length = 0;
        foreach (var section in sections)
        {
            length += section.Text.Length;
            if (length > MaxCharacters && fitting.Count > 0)
                break;
            fitting.Add(section);
        }

        return fitting;
    }
}
