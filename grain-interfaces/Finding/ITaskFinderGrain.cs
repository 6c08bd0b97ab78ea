using MorningAI.Tasks;

namespace MorningAI.Finding;

/// <summary>Lists tasks. Stateless, on every silo; key 0.</summary>
[Alias("mai.ITaskFinderGrain")]
public interface ITaskFinderGrain : IGrainWithIntegerKey
{
    /// <summary>The most tasks of one page.</summary>
    const int LongestPage = 1000;

    /// <summary>
    /// A page, by state, then by partition; those that ended newest first, the others in the order in which they will be
    /// begun. Tasks come and go meanwhile: one that stays where it is is shown once, however many pages there are.
    /// </summary>
    /// <param name="after">What the page before gave as <see cref="TasksFound.Next"/>; null for the first.</param>
    /// <param name="take">1 to <see cref="LongestPage"/>.</param>
    /// <remarks>Throws <see cref="StoreUnavailableException"/> while the index cannot be read, or misses what silos keep for the store.</remarks>
    [Alias("Find")]
    Task<FindOutcome> Find(TaskQuery query, string? after, int take);

    /// <summary>The most tasks of one slice: some hundred milliseconds.</summary>
    const int LongestSlice = 200;

    /// <summary>Does something with a slice of the tasks that the query finds. Doing it again is harmless, so what broke off may begin anew.</summary>
    /// <param name="reason">Of a cancel, for people.</param>
    /// <param name="dryRun">Say which, and do nothing.</param>
    /// <param name="take">1 to <see cref="LongestSlice"/>.</param>
    /// <remarks>Throws as <see cref="Find"/> does.</remarks>
    [Alias("Act")]
    Task<FindOutcome> Act(TaskQuery query, BulkAction action, string? reason, bool dryRun, string? after, int take);
}
