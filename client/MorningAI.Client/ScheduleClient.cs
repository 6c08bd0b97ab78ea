using System.Runtime.CompilerServices;
using MorningAI.Client.Cluster;
using MorningAI.Client.Submitting;
using MorningAI.Intake;
using MorningAI.Schedules;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>Calls schedules, and repeats what was not answered.</summary>
internal sealed class ScheduleClient(KnownGrains grains, ClusterCalls calls, MorningAIClientOptions options) : IScheduleClient
{
    private const int Page = 256;
    private static readonly ScheduleOptions Defaults = new();

    public async Task<ScheduleSnapshot> Put<TPayload>(ScheduleName name, string cron, string kind, TPayload payload, ScheduleOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cron);
        var terms = options ?? Defaults;
        var spec = new ScheduleSpec
        {
            Cron = cron,
            Zone = terms.Zone,
            Kind = SubmissionWriter.ReadKind(kind),
            Payload = SubmissionWriter.WritePayload(payload),
            Queue = terms.Queue,
            Priority = terms.Priority,
            Timeout = terms.Timeout,
            Misfire = terms.Misfire,
            Overlap = terms.Overlap,
        };
        return await Repeat(name, (schedule, _) => schedule.Put(spec), cancellationToken).ConfigureAwait(false) switch
        {
            ScheduleStored stored => stored.Schedule,
            ScheduleRefused refused => throw new ScheduleRefusedException(refused.Field, refused.Message),
            var unknown => throw new StoreUnavailableException($"The outcome {unknown.GetType().Name} is not known to this client; the schedule may be stored."),
        };
    }

    public Task<ScheduleSnapshot?> Get(ScheduleName name, CancellationToken cancellationToken = default) => Repeat(name, (schedule, _) => schedule.Get(), cancellationToken);

    public async IAsyncEnumerable<ScheduleSnapshot> List([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ScheduleName? after = null;
        do
        {
            var last = after;
            var (schedules, next) = await calls.Repeat(_ => grains.ListSchedules(last, Page), options.AttemptTimeout, options.ReadTimeout, cancellationToken).ConfigureAwait(false);
            foreach (var schedule in schedules)
                yield return schedule;
            after = next;
        }
        while (after is not null);
    }

    public Task<ScheduleSnapshot?> Pause(ScheduleName name, string? by = null, CancellationToken cancellationToken = default) => Repeat(name, (schedule, _) => schedule.Pause(by), cancellationToken);

    public Task<ScheduleSnapshot?> Resume(ScheduleName name, CancellationToken cancellationToken = default) => Repeat(name, (schedule, _) => schedule.Resume(), cancellationToken);

    public async Task<TaskId?> Trigger(ScheduleName name, CancellationToken cancellationToken = default)
    {
        var unique = Guid.CreateVersion7(calls.Time.GetUtcNow()); // one for all repeats: they make one task
        return await Repeat(name, (schedule, _) => schedule.Trigger(unique), cancellationToken).ConfigureAwait(false) switch
        {
            null => null,
            TaskAccepted accepted => accepted.Receipt.TaskId,
            TaskRefused refused => throw new TaskRefusedException(default, refused.Reason, refused.Message),
            StoreUnavailable unavailable => throw new StoreUnavailableException(unavailable.Message) { RetryAfter = unavailable.RetryAfter },
            SubmitUncertain uncertain => throw new StoreUnavailableException(uncertain.Message) { MayHaveLanded = true },
            var unknown => throw new StoreUnavailableException($"The outcome {unknown.GetType().Name} is not known to this client.") { MayHaveLanded = true },
        };
    }

    /// <remarks>An earlier, unanswered call of ours may have been what removed it.</remarks>
    public Task<bool> Remove(ScheduleName name, CancellationToken cancellationToken = default) =>
        Repeat(name, async (schedule, before) => await schedule.Remove().ConfigureAwait(false) || before > 0, cancellationToken);

    private Task<T> Repeat<T>(ScheduleName name, Func<IScheduleGrain, int, Task<T>> call, CancellationToken cancellationToken) => name.Value is null
        ? throw new ArgumentException("The schedule has no name: make one with ScheduleName.Parse.", nameof(name))
        : calls.Repeat(before => call(grains.Schedule(name), before), options.AttemptTimeout, options.ReadTimeout, cancellationToken);
}
