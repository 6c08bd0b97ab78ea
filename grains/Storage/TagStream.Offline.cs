using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>The store does not answer, or not in time: the journal acknowledges in its place.</summary>
internal sealed partial class TagStream
{
    private void GoOffline(StoreFault fault, bool mayHaveLanded)
    {
        lock (_lock)
        {
            LogOffline(_tag, fault, _queue.Count);
            _mode = Mode.Offline;
            while (_sent.TryDequeue(out var unanswered))
                unanswered.Answer.Ignore(); // whether it landed the cursor tells
            _inFlight = 0;
            LeaveToJournal(mayHaveLanded);
        }
    }

    private void Refuse(JournalException refusal)
    {
        lock (_lock)
        {
            _refusal = refusal;
            _mode = Mode.Offline;
            LeaveToJournal(mayHaveLanded: false);
            _whenLive?.SetException(refusal);
            _whenLive = null;
        }
    }

    /// <summary>The store gets what comes by replay, after the journal's acknowledgement, until it has answered in time.</summary>
    private void FallBehind(RecordWrite example)
    {
        if (!_journal.Vouches || !IsOfATask(example))
            return;
        lock (_lock)
        {
            _mode = Mode.CatchingUp;
            _behind = true;
            LeaveToJournal(mayHaveLanded: false);
        }
    }

    /// <summary>Nearly there, and fast: what is written from now on waits for the store, or the end would never come.</summary>
    private void NearlyCaughtUp()
    {
        lock (_lock)
            _behind = false;
    }

    /// <summary>Under the lock: what waits for the store waits for the journal instead.</summary>
    private void LeaveToJournal(bool mayHaveLanded)
    {
        while (_queue.TryDequeue(out var pending))
        {
            var sent = mayHaveLanded && pending.Ticket.Seq <= _lastSent;
            if (pending.Write.ChangesTask && !_pauses.WhenSound().IsCompleted)
            {
                _lastUnqueued = Math.Max(_lastUnqueued, pending.Ticket.Seq);
                pending.End(new StoreUnavailableException("This silo stood still, and does not know yet whether its tasks are still its own. Try again.") { MayHaveLanded = true });
                continue;
            }

            var ticket = pending.Write.CreateOnly ? pending.Ticket : Again(pending);
            _lastUnqueued = Math.Max(_lastUnqueued, ticket.Seq);
            _ = Forward(FromJournal(pending.Write, ticket, sent), pending);
        }
    }

    /// <summary>
    /// It goes down as acknowledged, which the store honours where others have gone on meanwhile; and with a number that no
    /// cursor has passed: its batch may have landed with this very write refused as a conflict, and must be asked again.
    /// </summary>
    private JournalTicket Again(PendingWrite pending)
    {
        try
        {
            return _journal.Append(pending.Write, acknowledged: true);
        }
        catch (JournalUnavailableException)
        {
            return pending.Ticket; // refused, too
        }
    }

    private static async Task Forward(Task<WriteOutcome> outcome, PendingWrite pending)
    {
        try
        {
            pending.End(await outcome.ConfigureAwait(false));
        }
        catch (Exception e)
        {
            pending.End(e);
        }
    }

    private async Task<WriteOutcome> FromJournal(RecordWrite write, JournalTicket ticket, bool mayHaveLanded = false)
    {
        try
        {
            await ticket.Durable.ConfigureAwait(false);
        }
        catch (JournalUnavailableException e)
        {
            _metrics.Refused();
            throw mayHaveLanded || e.MayComeBack
                ? new StoreUnavailableException($"The store broke off in the middle of a write, and the journal's disk takes nothing ({e.Message}). Try again.") { MayHaveLanded = true }
                : new StoreUnavailableException($"Neither the store nor the journal's disk takes anything now ({e.Message}). Nothing was stored. Try again.");
        }

        _metrics.Acknowledged(Durability.Journal);
        if (write.CreateOnly && _journal.Find(write.Key) is { } existing && existing.Seq != ticket.Seq)
            return Exists(existing); // the journal goes by the store's rules: the first one stays
        return new WriteOutcome(WriteResult.Stored, null) { Durability = Durability.Journal };
    }

    private static WriteOutcome Exists(JournalEntry entry)
    {
        var write = entry.Write;
        var header = new RecordHeader(write.Version, write.Index?.State, write.Writer);
        return new WriteOutcome(WriteResult.Exists, header.Prepend(write.Body)) { Durability = Durability.Journal };
    }
}
