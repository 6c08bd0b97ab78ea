using System.Diagnostics;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>Out of step: the journal is replayed from where the store is.</summary>
internal sealed partial class TagStream
{
    /// <summary>Replays the journal from the cursor that the store shows, until there is nothing left but what waits in memory.</summary>
    private async Task CatchUp()
    {
        var after = await Place().ConfigureAwait(false);
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
            if (answer.Outcomes is null)
            {
                after = await Place().ConfigureAwait(false); // a batch that seemed lost landed meanwhile, or the store lost data again
                continue;
            }

            after = answer.Cursor;
            replayed += entries.Length;
            _metrics.Replayed(entries.Length);
            AnswerReplayed(page, answer.Outcomes);
            _journal.Confirm(_tag, after);
        }

        if (replayed >= _options.MaxBatch || (replayed > 0 && !wasBehind))
            LogReplayed(_tag, replayed);
        _live();
    }

    /// <returns>The cursor: the store has been asked what became of everything up to there.</returns>
    private async Task<long> Place()
    {
        while (true)
        {
            var cursor = await _store.Cursor(_tag).ConfigureAwait(false);
            if (cursor > _journal.LastNumber)
            {
                // Its numbers would be given out again, and the store would take new writes for old ones.
                throw new JournalException(
                    $"The journal is an older copy of one that went on: the store has {_tag} up to number {cursor} of it, and this copy has given out none beyond {_journal.LastNumber}. " +
                    "Put the newest copy in its place; where there is none, move this one away ('morningai journal' reads it there) and start with a new one.");
            }

            var confirmed = _journal.Confirmed(_tag);
            if (cursor < confirmed)
            {
                await _journal.WhenSettled(confirmed).ConfigureAwait(false); // what the store had in the last moments is not read before
                LogDataLoss(_tag, cursor, confirmed);
                // How far it was confirmed is written down once in a while, so of the last life's last moments nothing is known.
                _lastForgotten = Math.Max(confirmed, _lastOfEarlierLife);
                _health.LostData();
                _metrics.DataLost();
                return cursor;
            }

            if (await TryConfirm(confirmed, cursor).ConfigureAwait(false))
                return cursor;
        }
    }

    /// <summary>
    /// What the store took or refused, and nobody heard which: its answer was lost, or what it said was not on disk when the
    /// process was killed. What it refused would come back once it has forgotten that, and as if it had been confirmed.
    /// </summary>
    /// <returns>False where the store has lost data meanwhile: then nothing can be told by what it has.</returns>
    private async Task<bool> TryConfirm(long after, long upTo)
    {
        if (after < upTo)
            await _journal.WhenSettled(upTo).ConfigureAwait(false); // what is not on disk yet is not read
        while (after < upTo)
        {
            JournalEntry[] entries = [.. _journal.Read(_tag, after, _options.MaxBatch).TakeWhile(e => e.Seq <= upTo)];
            if (entries.Length == 0)
                break;
            var headers = await _store.Headers(Array.ConvertAll(entries, e => e.Write.Key)).ConfigureAwait(false);
            // Asked last: where the cursor still stands, what is not there was refused, or has moved on since.
            if (await _store.Cursor(_tag).ConfigureAwait(false) < upTo)
                return false;
            foreach (var (entry, there) in entries.Zip(headers))
            {
                if (HasGivenWay(entry.Write, there))
                    _journal.Drop(entry.Write.Key, entry.Seq);
            }

            after = entries[^1].Seq;
        }

        _journal.Confirm(_tag, upTo);
        return true;
    }

    /// <summary>Of what the store was asked to take and is there now: whether it was refused, or others have taken its place.</summary>
    private static bool HasGivenWay(RecordWrite write, RecordHeader? there) => there switch
    {
        null => write.Body is not null,
        { Version: 0 } => false, // not a record: it is left to people
        { } header when header.Writer == write.Writer => header.Version < write.Version,
        { } header => !write.CreateOnly || header.Version > write.Version, // two silos may have taken it in, and each has given way to the other once
    };

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

    /// <summary>
    /// Another silo took the task in first, or ended it, too, and was first after the store forgot: but what the store shows
    /// now it may forget again, and that silo may have given way to this one before.
    /// </summary>
    private bool MayBeNeeded(JournalEntry entry, WriteResult result) => result switch
    {
        WriteResult.Exists => _journal.Find(entry.Write.Key)?.Seq == entry.Seq,
        WriteResult.Conflict => entry.Seq <= _lastForgotten && entry.Write.Index?.State.IsTerminal() == true,
        _ => false,
    };

    private void AnswerReplayed(IReadOnlyList<JournalEntry> entries, WriteOutcome[] outcomes)
    {
        var bySeq = new Dictionary<long, WriteOutcome>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            bySeq[entries[i].Seq] = outcomes[i];
            if (!MayBeNeeded(entries[i], outcomes[i].Result))
                Note(entries[i].Write.Key, entries[i].Seq, outcomes[i].Result);
        }

        lock (_lock)
        {
            while (_queue.TryPeek(out var pending) && pending.Ticket.Seq <= entries[^1].Seq)
                Answer(_queue.Dequeue(), bySeq.GetValueOrDefault(pending.Ticket.Seq, new WriteOutcome(WriteResult.Stored, null)));
        }
    }
}
