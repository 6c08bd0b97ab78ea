using Microsoft.Extensions.Logging;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using Orleans.Runtime;

namespace MorningAI.Cluster.Reminders;

/// <summary>
/// The reminder table of a cluster that outlives its Redis. Every silo knows the whole table, so that one which takes over
/// another's reminders in an outage has them. A row is written to the silo's records first, which are durable without
/// Redis, and then to the table. What the table lacks of what a silo knows is put back, before Orleans gets to see a table
/// without it; that a reminder is gone must be said by a row, too.
/// </summary>
/// <param name="inner">The stock table: what it finds of one grain is asked of it.</param>
/// <param name="rows">The same, whole. Rows are written here: the stock table's etags do not say which of two is newer.</param>
/// <param name="kept">What the silo's journal keeps of earlier lives' reminders.</param>
internal sealed partial class DurableReminderTable(
    IReminderTable inner,
    IReminderRows rows,
    IDurableRecords records,
    Func<CancellationToken, Task<IReadOnlyList<RecordWrite>>> kept,
    StoreHealth health,
    DurableStorageOptions options,
    ReminderMetrics metrics,
    TimeProvider time,
    ILogger<DurableReminderTable> logger) : IReminderTable, IDisposable
{
    /// <summary>
    /// How long it is remembered that a reminder was removed: for silos that cannot see the table meanwhile, and would put
    /// back what they know.
    /// </summary>
    public static readonly TimeSpan RemembersRemovals = TimeSpan.FromDays(1);

    private const int MostTries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Say = TimeSpan.FromSeconds(5);

    private readonly ILogger<DurableReminderTable> _logger = logger;
    private readonly KnownReminders _known = new();
    private readonly ulong _writer = (ulong)Random.Shared.NextInt64();
    private readonly Lock _lock = new();
    private Task _refresh = Task.CompletedTask;
    private long _lastStamp;

    public Task Init() => StartAsync(CancellationToken.None);

    /// <summary>Waits for the store, however long it takes: who has not seen the table cannot answer for it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await Patiently(() => Bounded(inner.StartAsync(cancellationToken)), cancellationToken).ConfigureAwait(false);
        await Patiently(async () => _known.Learn((await kept(cancellationToken).ConfigureAwait(false)).Select(ReminderRecords.FromWrite)), cancellationToken).ConfigureAwait(false);
        health.MayLack += Look;
        await Patiently(() => Refresh(anew: true), cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        health.MayLack -= Look;
        await TryRefresh(cancellationToken).ConfigureAwait(false); // what was written behind, if its time had not come yet
        await inner.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => ReadRows(begin, end, CancellationToken.None);

    public async Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken)
    {
        await TryRefresh(cancellationToken).ConfigureAwait(false);
        return Table(_known.Between(begin, end));
    }

    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadRows(grainId, CancellationToken.None);

    public async Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken)
    {
        await Learn(async () => [.. (await inner.ReadRows(grainId, cancellationToken).ConfigureAwait(false)).Reminders], () => _known.Of(grainId), cancellationToken).ConfigureAwait(false);
        return Table(_known.Of(grainId));
    }

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => ReadRow(grainId, reminderName, CancellationToken.None);

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken) =>
        (await Newest(new ReminderKey(grainId, reminderName), cancellationToken).ConfigureAwait(false))?.ToEntry();

    public Task<string?> UpsertRow(ReminderEntry entry) => UpsertRow(entry, CancellationToken.None);

    /// <returns>The row's etag, once it is durable: in the store, or in the silo's journal. Null where others kept writing it.</returns>
    /// <exception cref="StoreUnavailableException">Neither takes it now.</exception>
    public async Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var row = ReminderRow.Of(entry, NextEtag(new ReminderKey(entry.GrainId, entry.ReminderName)));
            if (await TryWrite(row, cancellationToken).ConfigureAwait(false))
                return row.ETag;
        }

        return null;
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => RemoveRow(grainId, reminderName, eTag, CancellationToken.None);

    /// <exception cref="StoreUnavailableException">It cannot be made durable now that it is gone.</exception>
    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken)
    {
        var key = new ReminderKey(grainId, reminderName);
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await Newest(key, cancellationToken).ConfigureAwait(false) is not { } row || row.ETag != eTag)
                return false;
            if (await TryWrite(row.Removed(NextEtag(key)), cancellationToken).ConfigureAwait(false))
                return true;
        }

        return false;
    }

    public Task TestOnlyClearTable() => TestOnlyClearTable(CancellationToken.None);

    public async Task TestOnlyClearTable(CancellationToken cancellationToken)
    {
        _known.Clear();
        await inner.TestOnlyClearTable(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => health.MayLack -= Look;

    /// <returns>False where somebody wrote a newer row, which this silo knows now.</returns>
    private async Task<bool> TryWrite(ReminderRow row, CancellationToken cancellationToken)
    {
        var outcome = await records.Write(ReminderRecords.ToWrite(row, _writer)).ConfigureAwait(false);
        if (outcome.Result is WriteResult.Conflict or WriteResult.Exists)
        {
            if (await records.Read(ReminderRecords.KeyOf(row)).ConfigureAwait(false) is { } newer)
                _known.Learn([ReminderRecords.FromStored(newer)]);
            await TryRefresh(cancellationToken).ConfigureAwait(false);
            return false;
        }

        if (!await TryPut(row, cancellationToken).ConfigureAwait(false))
        {
            await TryRefresh(cancellationToken).ConfigureAwait(false);
            return false;
        }

        _known.Learn([row]);
        return true;
    }

    /// <returns>Also true where the table cannot take it now: it gets it when it can.</returns>
    private async Task<bool> TryPut(ReminderRow row, CancellationToken cancellationToken)
    {
        if (health.IsWorthTrying)
        {
            try
            {
                return await rows.Put([row]).ConfigureAwait(false) == 1;
            }
            catch (Exception e) when (IsFault(e, cancellationToken))
            {
                Failed(e);
            }
        }

        metrics.OnBehind();
        LogBehind(row.Key.Name, row.Key.Grain);
        return true;
    }

    private async Task<ReminderRow?> Newest(ReminderKey key, CancellationToken cancellationToken)
    {
        await Learn(
            async () => await inner.ReadRow(key.Grain, key.Name, cancellationToken).ConfigureAwait(false) is { } there ? [there] : [],
            () => _known.Find(key) is { } mine ? [mine] : [],
            cancellationToken).ConfigureAwait(false);
        return _known.Find(key);
    }

    /// <summary>Asks the stock table. What it lacks of what is known here was removed, or lost: the whole table says which.</summary>
    private async Task Learn(Func<Task<IReadOnlyList<ReminderEntry>>> read, Func<IReadOnlyList<ReminderRow>> known, CancellationToken cancellationToken)
    {
        if (!health.IsWorthTrying)
            return;
        try
        {
            var there = (await Bounded(read()).ConfigureAwait(false)).Select(e => ReminderRow.Of(e, e.ETag!)).ToArray();
            _known.Learn(there);
            if (known().Any(r => !there.Any(t => t.Key == r.Key)))
                await Refresh(anew: true).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsFault(e, cancellationToken))
        {
            Failed(e);
        }
    }

    /// <summary>Where the table cannot be read, what is known stands.</summary>
    private async Task TryRefresh(CancellationToken cancellationToken)
    {
        if (!health.IsWorthTrying)
            return;
        try
        {
            await Refresh().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsFault(e, cancellationToken))
        {
            Failed(e);
        }
    }

    /// <summary>The store may lack something: look at once, not at the next refresh.</summary>
    private void Look() => _ = Task.Run(async () =>
    {
        try
        {
            if (health.IsWorthTrying)
                await Refresh(anew: true).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectDisposedException || IsFault(e, CancellationToken.None))
        {
            Failed(e); // the next refresh looks again
        }
    });

    /// <summary>Orleans asks for dozens of ranges at once; they share one reading.</summary>
    /// <param name="anew">One that is under way may have read before what is looked for happened.</param>
    private Task Refresh(bool anew = false)
    {
        lock (_lock)
            return !anew && !_refresh.IsCompleted ? _refresh : _refresh = Task.Run(Read);
    }

    /// <summary>Reads the table, and gives it what it lacks.</summary>
    private async Task Read()
    {
        var known = _known.Rows;
        var there = await rows.Read().ConfigureAwait(false);
        var oldest = (time.GetUtcNow() - RemembersRemovals).ToUnixTimeMilliseconds();
        var healing = ReminderHealing.Of(there, known, oldest);
        _known.Learn(there);
        if (healing.Lacking.Count > 0)
        {
            // A removal that comes this late is to be remembered from now on.
            ReminderRow[] lacking = [.. healing.Lacking.Select(r => r.IsLive || r.Stamp >= oldest ? r : r.Removed(NextEtag(r.Key)))];
            _known.Learn(lacking);
            var put = await rows.Put(lacking).ConfigureAwait(false);
            metrics.OnPutBack(put);
            if (put > 0)
                LogPutBack(put, there.Count);
        }

        if (healing.Expired.Count > 0)
        {
            await rows.Forget(healing.Expired).ConfigureAwait(false);
            _known.Forget(healing.Expired);
        }
    }

    /// <summary>Later than every one that this silo gave out, and than the reminder's last, whoever's clock that was.</summary>
    private string NextEtag(ReminderKey key)
    {
        var known = _known.Rows.GetValueOrDefault(key)?.Stamp ?? 0;
        lock (_lock)
        {
            _lastStamp = Math.Max(Math.Max(_lastStamp, known) + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
            return ReminderEtag.Of(_lastStamp);
        }
    }

    private async Task Patiently(Func<Task> call, CancellationToken cancellationToken)
    {
        long said = 0;
        while (true)
        {
            try
            {
                await call().ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (IsFault(e, cancellationToken) && e is not JournalException)
            {
                if (said == 0 || time.GetElapsedTime(said) > Say)
                {
                    LogWaits(StoreFaults.Of(e).Describe());
                    said = time.GetTimestamp();
                }
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<T> Bounded<T>(Task<T> call) => call.WaitAsync(options.Patience, time);

    private Task Bounded(Task call) => call.WaitAsync(options.Patience, time);

    private void Failed(Exception e)
    {
        LogFailed(e.Message);
        if (StoreFaults.IsOne(e))
            health.CallFailed(StoreFaults.Of(e));
    }

    private static ReminderTableData Table(IReadOnlyList<ReminderRow> rows) => new(rows.Select(r => r.ToEntry()));

    /// <summary>The stock table throws what its client throws, and exceptions of its own.</summary>
    private static bool IsFault(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && e is not ObjectDisposedException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reminder table in Redis had {There} rows, and lacked {Count} that this silo knows: lost there, or written while it could not be asked. They are there now")]
    private partial void LogPutBack(int count, int there);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reminder table cannot be had: {Reason}. Waiting")]
    private partial void LogWaits(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The reminder table cannot be asked ({Reason}): this silo goes by what it knows")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The reminder '{Name}' of {Grain} is written, and comes to the table in Redis when that can be asked")]
    private partial void LogBehind(string name, GrainId grain);
}
