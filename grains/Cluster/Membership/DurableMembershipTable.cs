using Microsoft.Extensions.Logging;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Cluster.Membership;

/// <summary>
/// The membership table of a cluster that outlives its Redis. While Redis cannot be asked, this silo goes by the last
/// table, votes nobody out, and leaves on its own word. When Redis is back, what it lost or forgot is put back before
/// anybody here sees a table without it.
/// </summary>
/// <param name="inner">The stock table.</param>
/// <param name="rows">The same, whole.</param>
/// <param name="seen">The version of membership that this silo goes by.</param>
/// <param name="refresh">Makes it go by this one.</param>
internal sealed partial class DurableMembershipTable(
    IMembershipTable inner,
    IMembershipRows rows,
    MembershipStart start,
    LastMembers last,
    StoreHealth health,
    DurableStorageOptions options,
    ILocalSiloDetails local,
    Lazy<AbsentJournals> absent,
    Func<long> seen,
    Func<long, Task> refresh,
    TimeProvider time,
    ILogger<DurableMembershipTable> logger) : IMembershipTable, IDisposable
{
    private const int MostTries = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Say = TimeSpan.FromSeconds(5);

    private readonly ILogger<DurableMembershipTable> _logger = logger;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile MembershipTableData? _table;
    private MembershipImage _known = MembershipImage.None;
    private DateTimeOffset? _lastOutage;
    private MembershipEntry? _mine;
    private DateTimeOffset _saidAlive;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    /// <summary>Waits for the store, however long it takes.</summary>
    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        await Patiently(async () =>
        {
            await start.Wait(local.SiloAddress.Endpoint, cancellationToken).ConfigureAwait(false);
            await Bounded(inner.InitializeMembershipTableAsync(tryInitTableVersion, cancellationToken)).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
        health.MayLack += Look;
    }

    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        if (_table is null)
            return await Patiently(() => Read(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (health.IsWorthTrying)
        {
            try
            {
                return Fresh(await Read(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception e) when (IsFault(e, cancellationToken))
            {
                Failed(e);
            }
        }

        _lastOutage = time.GetUtcNow();
        return Fresh(_table);
    }

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        var table = await ReadAllAsync(cancellationToken).ConfigureAwait(false);
        return table.TryGet(key) is { } row ? new MembershipTableData(row, table.Version) : new MembershipTableData(table.Version);
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        Write(entry, () => inner.InsertRowAsync(entry, tableVersion, cancellationToken), cancellationToken);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        Write(entry, () => inner.UpdateRowAsync(AsItWas(entry), etag, tableVersion, cancellationToken), cancellationToken);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    /// <summary>Where it cannot be written it is not: nobody counts its age from before an outage.</summary>
    public async Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        _mine = entry;
        if (!health.IsWorthTrying)
            return;
        try
        {
            await Bounded(inner.UpdateIAmAliveAsync(entry, cancellationToken)).ConfigureAwait(false);
            _saidAlive = time.GetUtcNow();
        }
        catch (Exception e) when (IsFault(e, cancellationToken))
        {
            LogNotAlive(e.Message);
            Look(); // its row may be gone
        }
    }

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken)
    {
        if (health.IsWorthTrying)
            await inner.CleanupDefunctSiloEntriesAsync(beforeDate, cancellationToken).ConfigureAwait(false);
    }

    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) => inner.DeleteMembershipTableEntriesAsync(clusterId, cancellationToken);

    public void Dispose()
    {
        health.MayLack -= Look;
        _reading.Dispose();
    }

    /// <returns>
    /// False makes the caller read the table again and think anew. That is the answer also where it is unknown whether the
    /// write happened, and for every vote that is cast while the store cannot be asked: a suspicion that is still true is
    /// raised again by the next missed probe, and one that is not must not wait here for the store to come back.
    /// </returns>
    private async Task<bool> Write(MembershipEntry entry, Func<Task<bool>> write, CancellationToken cancellationToken)
    {
        var isMine = entry.SiloAddress.Equals(local.SiloAddress);
        if (health.IsWorthTrying)
        {
            try
            {
                if (!await Bounded(write()).ConfigureAwait(false))
                    return false;
                Look(); // what is written is what must not be lost
                return true;
            }
            catch (Exception e) when (IsFault(e, cancellationToken))
            {
                Failed(e);
            }
        }

        if (isMine && entry.Status.IsTerminating())
        {
            LogLeaves(entry.Status);
            return true; // the others are told, and find this silo gone
        }

        if (isMine)
            await health.WhenItAnswers().WaitAsync(cancellationToken).ConfigureAwait(false);
        else
            LogNoVote(entry.SiloAddress, entry.Status);
        return false;
    }

    /// <summary>Reads the table, and first puts back what it lacks.</summary>
    private async Task<MembershipTableData> Read(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var attempt = 0; attempt < MostTries; attempt++)
            {
                var there = await Bounded(rows.Read()).ConfigureAwait(false);
                if (_table is not null && MembershipHealing.Heal(there, _known, SeenVersion()) is { } healed)
                {
                    if (await Bounded(rows.TryReplace(there, healed)).ConfigureAwait(false))
                        LogHealed(there.Version, there.Rows.Count, healed.Version!.Value, healed.Rows.Count);
                    continue;
                }

                var table = await Bounded(inner.ReadAllAsync(cancellationToken)).ConfigureAwait(false);
                if (table.Version.Version != there.Version)
                    continue; // somebody wrote in between
                Remember(there, table);
                return table;
            }
        }
        finally
        {
            _reading.Release();
        }

        throw new TimeoutException($"The membership table changed {MostTries} times while it was read.");
    }

    private void Remember(MembershipImage image, MembershipTableData table)
    {
        var isNew = _table is null || image.Version != _known.Version;
        _known = image;
        _table = table;
        foreach (var (row, _) in table.Members)
            absent.Value.Saw(row.SiloAddress, row.Status, new DateTimeOffset(DateTime.SpecifyKind(row.IAmAliveTime, DateTimeKind.Utc)));
        if (isNew)
            last.Write(image);
    }

    private int SeenVersion() => (int)Math.Clamp(seen(), _known.Version ?? 0, int.MaxValue - 1);

    /// <summary>The store may lack something: look at once, not at the next refresh.</summary>
    private void Look() => _ = Task.Run(async () =>
    {
        try
        {
            if (!health.IsWorthTrying)
                return;
            var table = await Read(CancellationToken.None).ConfigureAwait(false);
            await SayAlive().ConfigureAwait(false);
            // Gossip leaves out who seems silent, as all do after an outage.
            if (seen() >= 0 && table.Version.Version > seen())
                await refresh(table.Version.Version).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectDisposedException || IsFault(e, CancellationToken.None))
        {
            // The next refresh looks again.
        }
    });

    /// <summary>At once after an outage: a silo that starts now has only the table to tell the living by.</summary>
    private async Task SayAlive()
    {
        if (_mine is not { } mine || health.OutageBegan is null || _saidAlive >= health.OutageEnded)
            return;
        var now = time.GetUtcNow();
        await Bounded(inner.UpdateIAmAliveAsync(With(mine, now.UtcDateTime), CancellationToken.None)).ConfigureAwait(false);
        _saidAlive = now;
    }

    /// <summary>
    /// Nobody could say that it is alive while the store was away. Who counted those minutes as silence would need no other
    /// silo's vote to call anyone dead.
    /// </summary>
    private MembershipTableData Fresh(MembershipTableData table)
    {
        if (_lastOutage is not { } outage)
            return table;
        var since = health.IsWorthTrying && health.Since > outage ? health.Since : outage;
        return new MembershipTableData([.. table.Members.Select(m => Tuple.Create(Alive(m.Item1, since.UtcDateTime), m.Item2))], table.Version);
    }

    private static MembershipEntry Alive(MembershipEntry entry, DateTime since) =>
        entry.Status != SiloStatus.Active || entry.IAmAliveTime >= since ? entry : With(entry, since);

    private static MembershipEntry With(MembershipEntry entry, DateTime alive) => new()
    {
        SiloAddress = entry.SiloAddress,
        Status = entry.Status,
        SuspectTimes = entry.SuspectTimes is null ? null : [.. entry.SuspectTimes],
        ProxyPort = entry.ProxyPort,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        RoleName = entry.RoleName,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        StartTime = entry.StartTime,
        IAmAliveTime = alive,
    };

    /// <summary>A vote must not carry the sign of life that <see cref="Fresh"/> lent: others read from it when that silo died.</summary>
    private MembershipEntry AsItWas(MembershipEntry entry) =>
        entry.SiloAddress.Equals(local.SiloAddress) || _table?.TryGet(entry.SiloAddress) is not { } row ? entry : With(entry, row.Item1.IAmAliveTime);

    private async Task<T> Patiently<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        long said = 0;
        while (true)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception e) when (IsFault(e, cancellationToken))
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

    /// <summary>The stock table throws what its client throws, and exceptions of its own for a table that is not there.</summary>
    private static bool IsFault(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && e is not ObjectDisposedException;

    [LoggerMessage(Level = LogLevel.Error, Message = "The membership table in Redis was at version {Version} with {Rows} silos: it lost what this silo knows. It is put back as version {Healed} with {HealedRows}")]
    private partial void LogHealed(int? version, int rows, int healed, int healedRows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The membership table cannot be had: {Reason}. Waiting")]
    private partial void LogWaits(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The membership table cannot be asked ({Reason}): this silo goes by the last one")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "This silo's sign of life was not written: {Reason}")]
    private partial void LogNotAlive(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "No vote on {Silo} ({Status}): the membership table cannot be asked")]
    private partial void LogNoVote(SiloAddress silo, SiloStatus status);

    [LoggerMessage(Level = LogLevel.Information, Message = "This silo is {Status}, which cannot be written now: the others are told directly")]
    private partial void LogLeaves(SiloStatus status);
}
