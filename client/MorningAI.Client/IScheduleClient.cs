using MorningAI.Schedules;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>Makes and looks after schedules: tasks that are submitted by cron expressions. One for the whole process, safe for use by many threads at once.</summary>
/// <remarks>
/// Every call is repeated while silos come and go, for <see cref="MorningAIClientOptions.ReadTimeout"/>; repeating one is
/// harmless. What that could not mend ends as <see cref="StoreUnavailableException"/>: it may or may not be done.
/// </remarks>
public interface IScheduleClient
{
    /// <summary>Makes a schedule, or changes it. It is durable when this returns.</summary>
    /// <typeparam name="TPayload">Written with snake_case names.</typeparam>
    /// <param name="name">The schedule's name.</param>
    /// <param name="cron">Five fields, six with seconds before them, or a macro such as <c>@hourly</c>.</param>
    /// <param name="kind">The name that the tasks' handler is registered under.</param>
    /// <param name="payload">What the handler reads; not null.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The schedule, with its next due time.</returns>
    /// <exception cref="ScheduleRefusedException">It is wrong; nothing was stored or changed.</exception>
    /// <exception cref="StoreUnavailableException">No answer now.</exception>
    /// <exception cref="ArgumentException">The kind is no kind, or the payload cannot be written.</exception>
    Task<ScheduleSnapshot> Put<TPayload>(ScheduleName name, string cron, string kind, TPayload payload, ScheduleOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The schedule as it is now.</summary>
    /// <param name="name">The schedule's name.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null where there is none of that name.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be read now.</exception>
    Task<ScheduleSnapshot?> Get(ScheduleName name, CancellationToken cancellationToken = default);

    /// <summary>All schedules in alphabetical order, page by page.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="StoreUnavailableException">They cannot be read now.</exception>
    IAsyncEnumerable<ScheduleSnapshot> List(CancellationToken cancellationToken = default);

    /// <summary>Lets it come due no more until it is resumed.</summary>
    /// <param name="name">The schedule's name.</param>
    /// <param name="by">Who asks, for people; at most 100 characters.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null where there is none of that name.</returns>
    /// <exception cref="StoreUnavailableException">No answer now.</exception>
    Task<ScheduleSnapshot?> Pause(ScheduleName name, string? by = null, CancellationToken cancellationToken = default);

    /// <summary>Lets it come due again, from now on.</summary>
    /// <param name="name">The schedule's name.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null where there is none of that name.</returns>
    /// <exception cref="StoreUnavailableException">No answer now.</exception>
    Task<ScheduleSnapshot?> Resume(ScheduleName name, CancellationToken cancellationToken = default);

    /// <summary>Fires it once by hand, now, also while it is paused.</summary>
    /// <param name="name">The schedule's name.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The task's id; null where there is no schedule of that name.</returns>
    /// <exception cref="TaskRefusedException">Its task is not taken any more.</exception>
    /// <exception cref="StoreUnavailableException">No answer now, or nothing could be stored.</exception>
    Task<TaskId?> Trigger(ScheduleName name, CancellationToken cancellationToken = default);

    /// <summary>Removes it. The tasks that it made stay.</summary>
    /// <param name="name">The schedule's name.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False where there was none of that name.</returns>
    /// <exception cref="StoreUnavailableException">No answer now.</exception>
    Task<bool> Remove(ScheduleName name, CancellationToken cancellationToken = default);
}
