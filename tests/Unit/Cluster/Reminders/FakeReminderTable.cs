using MorningAI.Cluster.Reminders;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Cluster.Reminders;

/// <summary>The table in Redis: the stock provider's view of it and the whole one, by the rules of the script.</summary>
internal sealed class FakeReminderTable : IReminderTable, IReminderRows
{
    private readonly Lock _lock = new();
    private Dictionary<ReminderKey, ReminderRow> _rows = [];

    /// <summary>Thrown by every call while set.</summary>
    public Exception? Down { get; set; }

    /// <summary>Whole readings.</summary>
    public int Reads;

    /// <summary>Whole readings wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Dictionary<ReminderKey, ReminderRow> Rows
    {
        get
        {
            lock (_lock)
                return new(_rows);
        }

        set
        {
            lock (_lock)
                _rows = new(value);
        }
    }

    /// <summary>As another program would, without asking whether it is newer.</summary>
    public void Set(ReminderRow row)
    {
        lock (_lock)
            _rows[row.Key] = row;
    }

    public async Task<IReadOnlyList<ReminderRow>> Read()
    {
        Interlocked.Increment(ref Reads);
        await Gate;
        Answer();
        return [.. Rows.Values];
    }

    public Task<int> Put(IReadOnlyList<ReminderRow> rows) => Do(() => rows.Count(row =>
    {
        if (_rows.TryGetValue(row.Key, out var there) && there.Stamp >= row.Stamp)
            return false;
        _rows[row.Key] = row;
        return true;
    }));

    public Task Forget(IReadOnlyList<ReminderRow> removed) => Do(() => removed.Count(r => _rows.TryGetValue(r.Key, out var there) && !there.IsLive && there.ETag == r.ETag && _rows.Remove(r.Key)));

    public Task StartAsync(CancellationToken cancellationToken = default) => Do(() => 0);

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Do(() => new ReminderTableData(_rows.Values.Where(r => r.IsLive && r.Key.Grain == grainId).Select(r => r.ToEntry())));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Do(() => new ReminderTableData(_rows.Values.Where(r => r.IsLive && r.IsIn(begin, end)).Select(r => r.ToEntry())));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Do(() => _rows.TryGetValue(new ReminderKey(grainId, reminderName), out var row) && row.IsLive ? row.ToEntry() : null);

    public Task<string?> UpsertRow(ReminderEntry entry) => throw new NotSupportedException("Its etags do not say which is newer.");

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => throw new NotSupportedException("It does not say that a reminder was removed.");

    public Task TestOnlyClearTable() => Do(() => _rows = []);

    private Task<T> Do<T>(Func<T> call)
    {
        if (Down is not null)
            return Task.FromException<T>(Down);
        lock (_lock)
            return Task.FromResult(call());
    }

    private void Answer()
    {
        if (Down is not null)
            throw Down;
    }
}
