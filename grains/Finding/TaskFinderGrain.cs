using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace MorningAI.Finding;

/// <summary>Reads a state's index from where the last page ended, and the records that it names; passes over what the query does not want.</summary>
[StatelessWorker, Reentrant]
internal sealed class TaskFinderGrain(IDurableRecords records, Serializer<TaskRecord> serializer) : Grain, ITaskFinderGrain
{
    /// <summary>Index entries looked at in one call: some 20 ms of reading, so that no filter makes a call hang.</summary>
    private const int MostScanned = 2000;

    private const int LeastSlice = 100;

    public async Task<FindOutcome> Find(TaskQuery query, string? after, int take)
    {
        if (take is < 1 or > ITaskFinderGrain.LongestPage)
            return new FindRefused("take", $"take must be 1 to {ITaskFinderGrain.LongestPage}; it is {take}.");
        FindPlace? last = null;
        if (after is not null && !FindPlace.TryParse(after, out last))
            return new FindRefused("after", "after must be what the page before gave as next.");

        var found = new List<TaskSummary>(Math.Min(take, LeastSlice));
        var scanned = 0;
        foreach (var place in await Places(query, last))
        {
            var (reached, more) = (place.Last, true);
            while (more && found.Count < take && scanned < MostScanned)
            {
                var slice = Math.Min(Math.Max(take - found.Count, query is { Kind: null, From: null, To: null, Tag: null } ? 1 : LeastSlice), MostScanned - scanned);
                var page = await records.Page(place.Partition, place.State, reached, newestFirst: place.State.IsTerminal(), slice);
                scanned += Math.Max(1, page.Count); // an empty one costs a call, too
                more = page.Count == slice;
                var tasks = await Task.WhenAll(page.Select(p => Read(new TaskId(place.Partition, p.Task))));
                for (var i = 0; i < page.Count && found.Count < take; i++)
                {
                    reached = page[i];
                    if (tasks[i] is { } task && task.State == place.State && !task.IsDeleted && Wants(query, task))
                        found.Add(Summary(new TaskId(place.Partition, page[i].Task), task));
                    if (found.Count == take && i < page.Count - 1)
                        more = true;
                }
            }

            if (found.Count == take || scanned >= MostScanned)
                return new TasksFound([.. found], new FindPlace(place.State, place.Partition, reached).ToString());
        }

        return new TasksFound([.. found], null);
    }

    public async Task<FindOutcome> Act(TaskQuery query, BulkAction action, string? reason, bool dryRun, string? after, int take)
    {
        if (take is < 1 or > ITaskFinderGrain.LongestSlice)
            return new FindRefused("take", $"take must be 1 to {ITaskFinderGrain.LongestSlice}; it is {take}.");
        if (!Enum.IsDefined(action))
            return new FindRefused("action", "action must be cancel, retry or delete.");
        if (await Find(query, after, take) is not TasksFound found)
            return new FindRefused("after", "after must be what the slice before gave as next.");
        var wanted = found.Tasks.Where(t => BulkRules.Applies(action, t.State)).ToArray();
        if (dryRun)
            return new BulkDone([.. wanted.Select(t => t.Id)], found.Tasks.Length - wanted.Length, 0, found.Next);
        var failed = 0;
        var done = await Task.WhenAll(wanted.Select(async task =>
        {
            try
            {
                return await BulkRules.Do(GrainFactory.GetTask(task.Id), task.Id, action, reason);
            }
            catch (Exception e) when (e is StoreUnavailableException or TimeoutException or Orleans.Runtime.OrleansException)
            {
                failed++;
                return null;
            }
        }));
        var ids = done.OfType<TaskId>().ToArray();
        return new BulkDone(ids, found.Tasks.Length - ids.Length - failed, failed, found.Next);
    }

    /// <summary>Every state and partition that may have some, from where the last page ended.</summary>
    private async Task<IEnumerable<FindPlace>> Places(TaskQuery query, FindPlace? last)
    {
        var partitions = (await GrainFactory.GetQueueDirectory().List())
            .Where(p => query.Queue is null || p.Queue == query.Queue)
            .OrderBy(p => p.ToString(), StringComparer.Ordinal)
            .ToArray();
        return FindPlace.Order
            .Where(s => query.State is null || s == query.State)
            .SelectMany(s => partitions.Select(p => new FindPlace(s, p, null)))
            .SkipWhile(p => last is not null && Compare(p, last) < 0)
            .Select(p => last is not null && Compare(p, last) == 0 ? p with { Last = last.Last } : p);
    }

    private static int Compare(FindPlace one, FindPlace other)
    {
        var states = FindPlace.Order.ToList();
        var byState = states.IndexOf(one.State).CompareTo(states.IndexOf(other.State));
        return byState != 0 ? byState : string.CompareOrdinal(one.Partition.ToString(), other.Partition.ToString());
    }

    /// <returns>Null where it has gone, or cannot be read by this version: its own reader sets it aside.</returns>
    private async Task<TaskRecord?> Read(TaskId id)
    {
        if (await records.Read(RecordKey.Of(id)) is not { } stored)
            return null;
        try
        {
            return serializer.Deserialize(stored.Body);
        }
        catch (Exception)
        {
            return null; // whatever damaged bytes make the serializer throw
        }
    }

    private static bool Wants(TaskQuery query, TaskRecord task) =>
        (query.Kind is null || task.Kind == query.Kind) && (query.From is null || task.CreatedAt >= query.From) && (query.To is null || task.CreatedAt < query.To) && (query.Tag is null || task.Marks?.Tags.Contains(query.Tag) == true);

    private static TaskSummary Summary(TaskId id, TaskRecord task) => new()
    {
        Id = id,
        Kind = task.Kind,
        State = task.State,
        Priority = task.Priority,
        Attempt = task.Attempts,
        Error = task.Error,
        CreatedAt = task.CreatedAt,
        StartedAt = task.StartedAt,
        FinishedAt = task.FinishedAt,
        DueAt = task.State == TaskState.Scheduled ? task.DueAt : null,
        Tags = task.Marks?.Tags ?? [],
    };
}
