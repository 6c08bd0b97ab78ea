namespace MorningAI.Storage.Journaling;

/// <summary>Walks through what a journal keeps.</summary>
internal static class JournalPages
{
    private const int Page = 256;

    /// <summary>What the store has not confirmed, in order.</summary>
    public static IEnumerable<(string Tag, IReadOnlyList<JournalEntry> Entries)> UnconfirmedPages(this IJournal journal)
    {
        foreach (var tag in journal.Tags())
        {
            for (var after = journal.Confirmed(tag); journal.Read(tag, after, Page) is { Count: > 0 } entries; after = entries[^1].Seq)
                yield return (tag, entries);
        }
    }

    /// <summary>What is unfinished, newest first, a page of each tag in turn: what others did last is most likely with nobody yet.</summary>
    /// <param name="isWanted">Asked before each page; a tag is left where it says no.</param>
    public static IEnumerable<(string Tag, IReadOnlyList<JournalEntry> Entries)> UnfinishedPages(this IJournal journal, Func<string, bool>? isWanted = null)
    {
        var tags = new Queue<(string Tag, long Before)>(journal.Tags().Select(t => (t, long.MaxValue)));
        while (tags.TryDequeue(out var next))
        {
            var (tag, before) = next;
            if (isWanted?.Invoke(tag) == false || journal.ReadUnfinished(tag, before, Page) is not { Count: > 0 } entries)
                continue;
            yield return (tag, entries);
            tags.Enqueue((tag, entries[^1].Seq));
        }
    }
}
