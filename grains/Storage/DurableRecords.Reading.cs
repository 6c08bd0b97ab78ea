using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>Reads: what is here and newer, then the store, then the journals of the others.</summary>
internal sealed partial class DurableRecords
{
    /// <remarks>A silo that died in an outage may have gone on from what is read, and come back with it; one that is called dead and is not may be doing so.</remarks>
    public async ValueTask<StoredRecord?> Read(RecordKey key) =>
        await ReadNewest(key).ConfigureAwait(false) is { } read
            ? read with { MayBeOld = !IsLast(read) && _peers.WereEver && (_health.WasAwayWithin(_options.AwaitJournal) || _peers.LostOneWithin(_options.AwaitJournal)) }
            : null;

    /// <inheritdoc/>
    public async ValueTask<StoredRecord?> ReadFromAll(RecordKey key) =>
        _behind.Find(key) is { } held ? Stored(held)
        : !_peers.WasOneSilent && await ReadJournals(key).ConfigureAwait(false) is { IsComplete: true } read ? Existing(read.Newest)
        : null;

    /// <inheritdoc/>
    public byte[]? FindHere(RecordKey key) =>
        Here(key) is { } write
            ? new RecordHeader(write.Version, write.Index?.State, write.Writer).Prepend(write.Body ?? [])
            : null;

    private async ValueTask<StoredRecord?> ReadNewest(RecordKey key)
    {
        if (_behind.Find(key) is { } held)
            return Stored(held);
        var here = _streams.TryGetValue(key.Tag, out var stream) && stream.Value.IsLive ? null : _journal.Find(key)?.Write;
        try
        {
            if (!_health.IsWorthTrying)
                return await ReadWithoutStore(key).ConfigureAwait(false);
            // Every task that is not finished for long is in a journal: where all of them answer, a store that is slow or behind need not be asked.
            if (stream is { Value.IsBehind: true } && await ReadJournals(key).ConfigureAwait(false) is { Newest: { } last, IsComplete: true })
                return Existing(last);
            var there = await ReadStore(key).ConfigureAwait(false);
            // It lacks what it had a moment ago and nobody has noticed yet, or is behind what a silo has acknowledged.
            if (_health.State == StoreState.Healthy && !_peers.MayHaveMore ? there is null && key.Kind == RecordKey.TaskKind : !IsLast(there))
                return Existing(Newest(there, (await ReadJournals(key).ConfigureAwait(false)).Newest));
            here ??= there is null ? _journal.Find(key)?.Write : null;
            return here is { } mine ? Existing(Newest(Kept(mine), there)) : there;
        }
        catch (StoreFaultException e)
        {
            _health.CallFailed(e.Fault);
            _prober.Now();
            return await ReadWithoutStore(key).ConfigureAwait(false);
        }
    }

    /// <summary>What is no record is taken out of the way: one damaged record must not hold up the rest.</summary>
    private async Task<StoredRecord?> ReadStore(RecordKey key)
    {
        if (await _reads.Read(key).ConfigureAwait(false) is not { } bytes)
            return null;
        try
        {
            return StoredRecord.Parse(bytes);
        }
        catch (InvalidDataException e)
        {
            await Quarantine(key, bytes, e.Message).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Not finding it proves nothing: a silo that has it may not answer.</summary>
    private async ValueTask<StoredRecord?> ReadWithoutStore(RecordKey key) =>
        (await ReadJournals(key).ConfigureAwait(false)).Newest is { } newest ? Existing(newest) : throw Unavailable();

    /// <summary>
    /// The newest that any silo's journal has. What this one has may be long out of date: it took the task in, say, and
    /// another ran it.
    /// </summary>
    private async ValueTask<(StoredRecord? Newest, bool IsComplete)> ReadJournals(RecordKey key)
    {
        var mine = _journal.Find(key) is { } here ? Kept(here.Write) : (StoredRecord?)null;
        if (IsLast(mine))
            return (mine, true);
        var peers = await _peers.Find(key).ConfigureAwait(false);
        return (Newest(mine, peers.Newest is { } theirs ? StoredRecord.Parse(theirs) : null), peers.IsComplete);
    }

    private RecordWrite? Here(RecordKey key) => _behind.Find(key) ?? _journal.Find(key)?.Write;

    private static StoredRecord? Newest(StoredRecord? one, StoredRecord? other) =>
        one is null || other?.Header.Version > one.Value.Header.Version ? other : one;

    /// <summary>Nothing follows the end of a task.</summary>
    private static bool IsLast(StoredRecord? record) => record?.Header.State?.IsTerminal() == true;

    private static StoredRecord? Stored(RecordWrite write) => Existing(Kept(write));

    /// <summary>A removal is kept as a record without a body.</summary>
    private static StoredRecord Kept(RecordWrite write) => new(new RecordHeader(write.Version, write.Index?.State, write.Writer), write.Body);

    private static StoredRecord? Existing(StoredRecord? record) => record is { Body.IsEmpty: true } ? null : record;
}
