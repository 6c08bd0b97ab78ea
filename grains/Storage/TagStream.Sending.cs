using System.Diagnostics;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>In step with the store: what waits goes there in batches, each of which follows the one before.</summary>
internal sealed partial class TagStream
{
    /// <summary>Until all that waits is answered, or the store's cursor is not where it should be, or the store is slow. Nothing is in flight then.</summary>
    private async Task SendWhatWaits()
    {
        RecordWrite? slow = null;
        while (true)
        {
            while (slow is null && TakeBatch() is { } batch)
                _sent.Enqueue(batch);
            if (_sent.TryPeek(out var oldest))
            {
                if (_sent.Count < MostInFlight && slow is null && IsLive && await Task.WhenAny(oldest.Answer, NextWake()).ConfigureAwait(false) != oldest.Answer)
                {
                    _nextWake = null; // enough came in for one more
                    continue;
                }

                var (answer, time) = await oldest.Answer.ConfigureAwait(false);
                TakeIn(_sent.Dequeue().Writes, answer);
                if (time > _options.SlowAfter)
                    slow ??= oldest.Writes[0].Write;
            }
            else if (slow is not null && IsLive)
            {
                FallBehind(slow);
                slow = null;
            }
            else
            {
                return;
            }
        }
    }

    private SentBatch? TakeBatch()
    {
        PendingWrite[] batch;
        long follows;
        lock (_lock)
        {
            if (_mode != Mode.Live || _sent.Count == MostInFlight || !IsToSend)
                return null;
            batch = [.. _queue.Skip(_inFlight).Take(_options.MaxBatch)];
            follows = _inFlight == 0 ? _cursor : _lastSent;
            _inFlight += batch.Length;
            _lastSent = batch[^1].Ticket.Seq;
        }

        return new SentBatch(batch, Send(batch, follows));
    }

    private async Task<(BatchAnswer Answer, TimeSpan Time)> Send(PendingWrite[] batch, long follows)
    {
        var start = Stopwatch.GetTimestamp();
        var entries = Array.ConvertAll(batch, p => new JournalEntry(p.Ticket.Seq, p.Write) { Acknowledged = p.Write.IsAcknowledged });
        var applying = _store.Apply(_tag, entries, follows);
        _journal.Secure(entries); // while the store works
        var answer = await applying.ConfigureAwait(false);
        var time = Stopwatch.GetElapsedTime(start);
        _metrics.Batch(batch.Length, time);
        return (answer, time);
    }

    private void TakeIn(PendingWrite[] batch, BatchAnswer answer)
    {
        lock (_lock)
        {
            _inFlight -= batch.Length;
            if (answer.Outcomes is null)
            {
                _mode = Mode.CatchingUp; // something is missing there, or a batch that seemed lost has landed
                return;
            }

            if (!ReferenceEquals(_queue.Peek(), batch[0]))
                throw new StoreFaultException(StoreFault.Refusing, "The store took a batch, and not the one before it.") { MayHaveLanded = true };
            _cursor = answer.Cursor;
            for (var i = 0; i < batch.Length; i++)
                Answer(_queue.Dequeue(), answer.Outcomes[i]);
        }

        _metrics.Acknowledged(Durability.Redis, batch.Length);
        _journal.Confirm(_tag, answer.Cursor);
    }

    /// <summary>One that the store was asked to take.</summary>
    private sealed record SentBatch(PendingWrite[] Writes, Task<(BatchAnswer Answer, TimeSpan Time)> Answer);
}
