namespace MorningAI.Agents.Knowledge;

/// <summary>One text of an indexed entry. A weight of 3 counts each of its words three times.</summary>
public readonly record struct WeightedText(string Text, int Weight);

/// <summary>An entry that a search found.</summary>
/// <param name="Entry">Its number in the index.</param>
/// <param name="Score">BM25; comparable within one search only.</param>
/// <param name="Coverage">0 to 1: how much of the question's information the entry speaks of, each term weighed by its rarity. A term that no entry knows weighs most.</param>
public readonly record struct Bm25Hit(int Entry, double Score, double Coverage);

/// <summary>Okapi BM25 over a fixed set of entries, in memory. Immutable once built, so any thread may search.</summary>
public sealed class Bm25Index
{
    // The values that Robertson and Zaragoza recommend, and Lucene's defaults.
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.75;

    private readonly Dictionary<string, List<(int Entry, int Count)>> _postings = new(StringComparer.Ordinal);
    private readonly double[] _lengths;
    private readonly double _averageLength;

    public Bm25Index(IReadOnlyList<IReadOnlyList<WeightedText>> entries)
    {
        _lengths = new double[entries.Count];
        for (var i = 0; i < entries.Count; i++)
            Add(i, entries[i]);
        _averageLength = entries.Count == 0 ? 1 : Math.Max(1, _lengths.Average());
    }

    /// <returns>The best first, at most <paramref name="limit"/>; only entries that share a term with the question.</returns>
    public IReadOnlyList<Bm25Hit> Search(string question, int limit)
    {
        var scores = new double[_lengths.Length];
        var covered = new double[_lengths.Length];
        var total = 0d;
        foreach (var term in KnowledgeTerms.Of(question).Distinct(StringComparer.Ordinal))
        {
            var rarity = Rarity(term);
            total += rarity;
            foreach (var (entry, count) in _postings.GetValueOrDefault(term, []))
            {
                var length = 1 - LengthWeight + LengthWeight * _lengths[entry] / _averageLength;
                scores[entry] += rarity * count * (Saturation + 1) / (count + Saturation * length);
                covered[entry] += rarity;
            }
        }

        return
        [
            .. Enumerable.Range(0, scores.Length)
                .Where(i => scores[i] > 0)
                .OrderByDescending(i => scores[i]).ThenBy(i => i)
                .Take(limit)
                .Select(i => new Bm25Hit(i, scores[i], covered[i] / total)),
        ];
    }

    /// <summary>Inverse document frequency, in Lucene's form: never below zero.</summary>
    private double Rarity(string term)
    {
        var holders = _postings.TryGetValue(term, out var list) ? list.Count : 0;
        return Math.Log(1 + (_lengths.Length - holders + 0.5) / (holders + 0.5));
    }

    private void Add(int entry, IReadOnlyList<WeightedText> texts)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (text, weight) in texts)
        {
            foreach (var term in KnowledgeTerms.Of(text))
                counts[term] = counts.GetValueOrDefault(term) + weight;
        }

        foreach (var (term, count) in counts)
        {
            _lengths[entry] += count;
            if (!_postings.TryGetValue(term, out var list))
                _postings[term] = list = [];
            list.Add((entry, count));
        }
    }
}
