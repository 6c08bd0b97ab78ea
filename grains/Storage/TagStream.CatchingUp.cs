using System.Diagnostics;
using MorningAI.Storage.Journaling;

namespace MorningAI.Storage;

/// <summary>Out of step: the journal is replayed from where the store is.</summary>
internal sealed partial class TagStream
{
    /// <summary>Replays the journal from the cursor that the store shows, until there is nothing left but what waits in memory.</summary>
    private async Task CatchUp()
    {
        var after = await _store.Cursor(_tag).ConfigureAwait(false);
        if (after > _journal.LastNumber)
        {
            // Its numbers would be given out again, and the store would take new writes for old ones.
            throw new JournalException(
                $"The journal is an older copy of one that went on: the store has {_tag} up to number {after} of it, and this copy has given out none beyond {_journal.LastNumber}. " +
                "Put the newest copy in its place; where there is none, move this one away ('morningai journal' reads it there) and start with a new one.");
        }

        var confirmed = _journal.Confirmed(_tag);
        if (after < confirmed)
        {
            LogDataLoss(_tag, after, confirmed);
            // How far it was confirmed is written down once in a while, so of the last life's last moments nothing is known.
            _lastForgotten = Math.Max(confirmed, _lastOfEarlierLife);
            _health.LostData();
            _metrics.DataLost();
        }

        var wasBehind = IsBehind; // a slow store is caught up with all the time
        long replayed = 0;
        while (true)
        {
            var page = _journal.Read(_tag, after, _options.MaxBatch);
            var isLong = page.Count == _options.MaxBatch; // there is more to come: whoever waits for its end waits long
            if (isLong)
                FallBehind(page[0].Write);
            if (page.Count == 0)
            {
                if (await TryGoLive(after).ConfigureAwait(false))
                    break;
                continue;
            }

            JournalEntry[] entries = [.. page.Select(e => e with { Acknowledged = e.Acknowledged || e.Seq <= _lastForgotten })];
            var start = Stopwatch.GetTimestamp();
            var answer = await _store.Apply(_tag, entries, after).ConfigureAwait(false);
            if (Stopwatch.GetElapsedTime(start) > _options.SlowAfter)
                FallBehind(page[0].Write);
            else if (!isLong)
                NearlyCaughtUp();
            after = answer.Cursor;
            if (answer.Outcomes is null)
                continue; // a batch that seemed lost landed meanwhile, or the store lost data again: go on from there
            replayed += entries.Length;
            _metrics.Replayed(entries.Length);
            AnswerReplayed(entries, answer.Outcomes);
            _journal.Confirm(_tag, after);
        }

        if (replayed >= _options.MaxBatch || (replayed > 0 && !wasBehind))
            LogReplayed(_tag, replayed);
        _live();
    }

    private async Task<bool> TryGoLive(long after)
    {
        long missing;
        lock (_lock)
        {
            missing = _lastUnqueued;
            if (after >= missing)
            {
                while (_queue.TryPeek(out var done) && done.Ticket.Seq <= after)
                    Answer(_queue.Dequeue(), new WriteOutcome(WriteResult.Stored, null));
                _cursor = after;
                _mode = Mode.Live;
                _behind = false;
                _whenLive?.SetResult();
                _whenLive = null;
                return true;
            }
        }

        // Acknowledged from the journal, or about to be, and not on disk yet: it will be in a moment, or be given up.
        await _journal.WhenSettled(missing).ConfigureAwait(false);
        lock (_lock)
        {
            if (_lastUnqueued == missing && _journal.LastSeqOf(_tag) <= after)
                _lastUnqueued = after; // the journal's disk refused it, and its caller was told so
        }

        return false;
    }

    private void AnswerReplayed(IReadOnlyList<JournalEntry> entries, WriteOutcome[] outcomes)
    {
        var bySeq = new Dictionary<long, WriteOutcome>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            bySeq[entries[i].Seq] = outcomes[i];
            // Another silo's came first; but what the store shows now it may forget, as it just did, and that silo may have given way to this one before.
            if (outcomes[i].Result != WriteResult.Exists || _journal.Find(entries[i].Write.Key)?.Seq != entries[i].Seq)
                Note(entries[i].Write.Key, entries[i].Seq, outcomes[i].Result);
        }

        lock (_lock)
        {
            while (_queue.TryPeek(out var pending) && pending.Ticket.Seq <= entries[^1].Seq)
                Answer(_queue.Dequeue(), bySeq.GetValueOrDefault(pending.Ticket.Seq, new WriteOutcome(WriteResult.Stored, null)));
        }
    }
}
