using MorningAI.Storage.Journaling;

namespace MorningAI.Storage;

/// <summary>
/// The other side of <see cref="JournalHandover"/>: what a silo that leaves has done to what is kept unfinished here. Its
/// journal is asked, not the store, which may be away, or be given back just now what it lost; and it is written as any
/// other record is: to this silo's journal, and by it to a store that does not have it yet.
/// </summary>
/// <param name="takeIn">Writes what is newer than what is here; false where some of it was not taken.</param>
/// <param name="ask">What the silo that leaves has of a tag that is newer.</param>
internal sealed class JournalTakeover(IJournal journal, Func<IReadOnlyList<RecordWrite>, Task<bool>> takeIn, Func<string, RecordVersion[], Task<NewerRecords>> ask)
{
    /// <returns>Whether all of it is here, and on disk.</returns>
    public async Task<bool> Run()
    {
        await journal.WhenSettled(journal.LastNumber).ConfigureAwait(false); // what is not on disk yet is not read
        var isWhole = true;
        foreach (var (tag, entries) in journal.UnfinishedPages())
        {
            RecordVersion[] known = [.. entries.Select(e => new RecordVersion(e.Write.Key.Kind, e.Write.Key.Id, e.Write.Version))];
            for (var compared = 0; compared < known.Length;)
            {
                var theirs = await ask(tag, known[compared..]).ConfigureAwait(false);
                isWhole &= await takeIn([.. theirs.Records.Select(r => r.ToWrite(tag))]).ConfigureAwait(false);
                compared += Math.Max(1, theirs.Compared);
            }
        }

        await journal.WhenSettled(journal.LastNumber).ConfigureAwait(false); // the store may have had it before
        return isWhole;
    }
}
