using Microsoft.Extensions.Logging;
using MorningAI.Storage;
using StackExchange.Redis;

namespace MorningAI.Cluster.Reminders;

/// <summary>The reminder table's sorted set in Redis, beside the stock provider that reads it; and a second one of what was removed from it.</summary>
/// <param name="table">As the stock provider has it: <c>service/reminders</c>.</param>
internal sealed partial class RedisReminderRows(StoreConnection store, string table, TimeSpan patience, TimeProvider time, ILogger logger) : IReminderRows
{
    private const int ReadPage = 1000;
    private const int PutPage = 256;
    private static readonly string Script = EmbeddedScript.Read("MorningAI.Cluster.Reminders.PutReminders.lua");

    private readonly ILogger _logger = logger;

    /// <summary>The braces put both into one slot of a Redis Cluster.</summary>
    private readonly string _removed = $"{{{table}}}/removed";

    public async Task<IReadOnlyList<ReminderRow>> Read()
    {
        List<ReminderRow> rows = [];
        await Read(table, rows).ConfigureAwait(false);
        await Read(_removed, rows).ConfigureAwait(false); // last: what is removed meanwhile is then seen twice, and not taken for lost
        return rows;
    }

    public async Task<int> Put(IReadOnlyList<ReminderRow> rows)
    {
        var put = 0;
        foreach (var page in rows.Chunk(PutPage))
        {
            RedisValue[] values = [.. page.SelectMany(r => new RedisValue[] { r.Prefix, r.Member, r.IsLive ? 1 : 2 })];
            put += (int)await Bounded(store.Evaluate(Script, [table, _removed], values)).ConfigureAwait(false);
        }

        return put;
    }

    public Task Forget(IReadOnlyList<ReminderRow> removed) =>
        Bounded(store.Database.SortedSetRemoveAsync(_removed, [.. removed.Select(r => (RedisValue)r.Member)]));

    /// <summary>In pages, by the order of the text: what comes and goes meanwhile moves nobody else.</summary>
    private async Task Read(string key, List<ReminderRow> rows)
    {
        var last = RedisValue.Null;
        while (true)
        {
            var page = await Bounded(store.Database.SortedSetRangeByValueAsync(key, last, RedisValue.Null, last.IsNull ? Exclude.None : Exclude.Start, Order.Ascending, 0, ReadPage)).ConfigureAwait(false);
            foreach (var member in page)
            {
                try
                {
                    rows.Add(ReminderRow.Parse((string)member!));
                }
                catch (Exception e) when (e is FormatException or ArgumentException)
                {
                    LogDamaged(key, (string)member!, e.Message); // the others must go on
                }
            }

            if (page.Length < ReadPage)
                return;
            last = page[^1];
        }
    }

    private Task<T> Bounded<T>(Task<T> call) => call.WaitAsync(patience, time);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Table} holds '{Member}', which is not a reminder ({Reason}). It is passed over; remove it with ZREM")]
    private partial void LogDamaged(string table, string member, string reason);
}
