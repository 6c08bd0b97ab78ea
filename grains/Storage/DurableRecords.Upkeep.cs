using MorningAI.Storage.Journaling;

namespace MorningAI.Storage;

/// <summary>Keeps the journal up with what other silos have done by the store.</summary>
internal sealed partial class DurableRecords
{
    /// <summary>Between pages of 256: at most 10,000 records a second are compared, which takes 2 % of Redis' thread.</summary>
    private static readonly TimeSpan UpkeepPause = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Where a silo is gone, what it ended is with the store alone until the others have it: in a soak the store was emptied
    /// before 60,000 records had been compared at the quiet pace, and 785 tasks ran again.
    /// </summary>
    private static readonly TimeSpan AdoptPause = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan UpkeepLook = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="IPeerJournalGrain.TakeOver"/>
    public Task<bool> TakeOver(Func<string, RecordVersion[], Task<NewerRecords>> ask) => new JournalTakeover(_journal, TakeIn, ask).Run();

    /// <inheritdoc cref="IPeerJournalGrain.Keep"/>
    public Task<bool> Keep(string tag, IEnumerable<HandedRecord> records) => TakeIn([.. records.Select(r => r.ToWrite(tag))]);

    /// <inheritdoc cref="IPeerJournalGrain.NewerThan"/>
    public NewerRecords NewerThan(string tag, IReadOnlyList<RecordVersion> known)
    {
        var (newer, bytes, compared, confirmed) = (new List<HandedRecord>(), 0, 0, _journal.Confirmed(tag));
        while (compared < known.Count && bytes < HandedRecord.MostBytes)
        {
            var theirs = known[compared++];
            if (_journal.Find(new RecordKey(tag, theirs.Kind, theirs.Id)) is not { } mine || !Follows(mine.Write, theirs.Version))
                continue;
            newer.Add(HandedRecord.Of(mine, confirmed));
            bytes += mine.Write.Body?.Length ?? 0;
        }

        return new NewerRecords(newer, compared);
    }

    /// <summary>What another silo hands over is written as it is, where it is newer than what is here.</summary>
    /// <returns>False where neither the store nor the disk took some of it. What is refused as a conflict others have moved on, and they keep it.</returns>
    private async Task<bool> TakeIn(IReadOnlyList<RecordWrite> records)
    {
        RecordWrite[] newer = [.. records.Where(r => Here(r.Key) is not { } here || (!here.IsLast && Follows(r, here.Version)))];
        return Array.TrueForAll(await WriteAll(newer).ConfigureAwait(false), static a => a.Failure is null);
    }

    private static bool Follows(RecordWrite write, long version) => write.Version > version || write.IsLast;

    /// <summary>
    /// At the start, when a silo is gone, and every few minutes. Otherwise a store that loses what it has would get back some
    /// of it as it was before.
    /// </summary>
    private async Task KeepUp()
    {
        var upkeep = NewUpkeep();
        var (deaths, last) = (-1, 0L);
        try
        {
            while (true)
            {
                await Task.Delay(UpkeepLook, _time, _stop.Token).ConfigureAwait(false);
                if (_health.State != StoreState.Healthy || !_streams.Values.All(s => s.Value.IsLive))
                    continue;
                _health.HasAll();
                var known = _peers.Deaths;
                if (deaths == known && (!_peers.WereEver || _time.GetElapsedTime(last) < _options.UpkeepEvery))
                    continue;
                last = _time.GetTimestamp();
                try
                {
                    // Broken off, it begins again: what the dead one did is nowhere else.
                    if (deaths != known && await upkeep.Adopt(PauseInAdoption).ConfigureAwait(false))
                        deaths = known;
                    else if (deaths == known)
                        await upkeep.Run(() => Task.Delay(UpkeepPause, _time, _stop.Token)).ConfigureAwait(false);
                }
                catch (StoreFaultException e)
                {
                    _health.CallFailed(e.Fault);
                    _prober.Now();
                }
                catch (JournalUnavailableException e)
                {
                    LogNotKept(e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private Task PauseInAdoption() => Task.Delay(AdoptPause, _time, _stop.Token);

    private JournalUpkeep NewUpkeep() => new(_redis, _journal, tag => _streams.TryGetValue(tag, out var stream) && stream.Value.IsLive, _logger);
}
