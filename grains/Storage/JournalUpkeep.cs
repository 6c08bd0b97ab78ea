using Microsoft.Extensions.Logging;
using MorningAI.Storage.Journaling;

namespace MorningAI.Storage;

/// <summary>
/// Forgets what other silos have taken over. A journal keeps its newest record of every unfinished task, so that an
/// emptied store can be filled again; but the task may have gone on elsewhere, and its end is kept there for the
/// journal's window only. So what is kept here is compared with the store well within that window.
/// </summary>
/// <param name="isLive">Whether the tag's stream is in step with the store.</param>
internal sealed partial class JournalUpkeep(RedisRecords redis, IJournal journal, Func<string, bool> isLive, ILogger logger)
{
    private const int Page = 256;
    private readonly ILogger _logger = logger;

    /// <summary>One comparison of everything, a page at a time.</summary>
    /// <param name="pause">Awaited between pages: the store has other work.</param>
    /// <exception cref="StoreFaultException">The store went away; the rest is to be compared again.</exception>
    /// <exception cref="JournalUnavailableException">The journal's disk did not take what was to be kept; likewise.</exception>
    public async Task Run(Func<Task> pause)
    {
        var forgotten = 0;
        foreach (var tag in journal.Tags())
        {
            for (long after = 0; isLive(tag);)
            {
                var entries = journal.Read(tag, after, Page);
                if (entries.Count == 0)
                    break;
                forgotten += (await Compare(tag, entries, adopt: false).ConfigureAwait(false))?.Count ?? 0;
                after = entries[^1].Seq;
                await pause().ConfigureAwait(false);
            }
        }

        LogForgotten(forgotten);
    }

    /// <summary>
    /// Keeps the store's newer record of what is unfinished here: the silo whose journal has it may be gone, or it was
    /// confirmed by the store in the last moments before a crash, and never reached this one.
    /// </summary>
    /// <param name="pause">Awaited between pages.</param>
    /// <returns>False where a tag fell out of step with the store meanwhile, or the store lost something: all is to be compared again.</returns>
    /// <inheritdoc cref="Run"/>
    public async Task<bool> Adopt(Func<Task> pause)
    {
        await journal.WhenSettled(journal.LastNumber).ConfigureAwait(false); // what is not on disk yet is not read
        var (forgotten, isWhole) = (0, true);
        foreach (var (tag, entries) in journal.UnfinishedPages(IsInStep))
        {
            var compared = await Compare(tag, entries, adopt: true).ConfigureAwait(false);
            isWhole &= compared is not null;
            forgotten += compared?.Count ?? 0;
            await pause().ConfigureAwait(false);
        }

        LogForgotten(forgotten);
        return isWhole;

        bool IsInStep(string tag)
        {
            var isInStep = isLive(tag);
            isWhole &= isInStep;
            return isInStep;
        }
    }

    /// <summary>What is kept of one tag and still counts, compared now. Removals are among it.</summary>
    /// <exception cref="StoreFaultException">The store went away.</exception>
    public async Task<IReadOnlyList<RecordWrite>> Current(string tag)
    {
        await journal.WhenSettled(journal.LastNumber).ConfigureAwait(false);
        List<RecordWrite> current = [];
        long after = 0;
        while (journal.Read(tag, after, Page) is { Count: > 0 } entries)
        {
            var forgotten = await Compare(tag, entries, adopt: false).ConfigureAwait(false);
            current.AddRange(entries.Where(e => e.Write.Body is null || forgotten?.Contains(e.Seq) != true).Select(e => e.Write));
            after = entries[^1].Seq;
        }

        return current;
    }

    /// <returns>The sequence numbers of those that were forgotten; null where the store lacks what it had, and nothing can be told by it.</returns>
    private async Task<HashSet<long>?> Compare(string tag, IReadOnlyList<JournalEntry> entries, bool adopt)
    {
        var confirmed = journal.Confirmed(tag);
        JournalEntry[] settled = [.. entries.Where(e => e.Seq <= confirmed)];
        if (settled.Length == 0)
            return [];
        var headers = await redis.Headers(Array.ConvertAll(settled, e => e.Write.Key)).ConfigureAwait(false);
        // Asked last: where the cursor still stands, the records were not lost but moved on or removed by somebody.
        if (await redis.Cursor(tag).ConfigureAwait(false) < confirmed)
            return null;
        JournalEntry[] stale = [.. settled.Zip(headers).Where(p => !(p.Second?.Version <= p.First.Write.Version)).Select(p => p.First)];
        // By the same writer it should be here, too: the disk refused it, or it was adopted in its time.
        await Adopt([.. settled.Zip(headers)
            .Where(p => p.Second is { } there && there.Version > p.First.Write.Version && (adopt || there.Writer == p.First.Write.Writer))
            .Select(p => p.First.Write.Key)]).ConfigureAwait(false);
        foreach (var entry in stale)
            journal.Drop(entry.Write.Key, entry.Seq);
        return [.. stale.Select(e => e.Seq)];
    }

    /// <summary>They are on disk when it returns.</summary>
    private async Task Adopt(RecordKey[] keys)
    {
        var tickets = new List<JournalTicket>();
        foreach (var there in await Task.WhenAll(keys.Select(redis.ReadWhole)).ConfigureAwait(false))
        {
            if (there is { } newer && !(journal.Find(newer.Key)?.Write.Version >= newer.Version))
                tickets.Add(journal.Append(newer, acknowledged: true));
        }

        foreach (var ticket in tickets)
            await ticket.Durable.ConfigureAwait(false);
    }

    private void LogForgotten(int count)
    {
        if (count > 0)
            LogSomeForgotten(count);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Count} records were taken over by other silos and are forgotten here")]
    private partial void LogSomeForgotten(int count);
}
