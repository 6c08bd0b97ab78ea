using MorningAI.Storage;
using MorningAI.Tasks;
using Orleans.Runtime;

namespace MorningAI.Intake;

/// <summary>
/// One key's way in. Which task is its last is stored before that task is: after a crash in between, the last one does not
/// exist, and the one before it counts. The other way round a task could exist that the next one does not wait for.
/// </summary>
internal sealed class KeyedIntakeGrain(
    [PersistentState("key", DurableStorage.Name)] IPersistentState<KeyedIntakeState> state,
    StoreHealth health) : Grain, IKeyedIntakeGrain
{
    /// <summary>Followed at the most: more than two come of crashes and outages only.</summary>
    private const int MostFollowed = 16;

    private bool _lastIsSure;

    public async Task<SubmitOutcome> SubmitInOrder(TaskSubmission submission)
    {
        try
        {
            var before = state.State;
            var isAgain = before.Last == submission.Id;
            var follows = isAgain ? before.Behind : Follow(before);
            if (!isAgain)
                await Keep(new KeyedIntakeState { Last = submission.Id, Behind = follows });
            var outcome = await Submit(submission with { Keys = submission.Keys! with { Follows = follows } });
            switch (outcome)
            {
                case TaskAccepted { Receipt.Created: true }:
                    _lastIsSure = true;
                    break;
                case TaskAccepted or TaskRefused or StoreUnavailable when !isAgain:
                    // It had its place before, or will never be: the next one goes behind those that this one went behind.
                    await Restore(before);
                    break;
                default:
                    _lastIsSure = false;
                    break;
            }

            return outcome;
        }
        catch (StoreUnavailableException e)
        {
            return new StoreUnavailable(e.Message, e.RetryAfter);
        }
    }

    public async Task<SubmitOutcome> SubmitUnique(TaskSubmission submission)
    {
        try
        {
            if (state.State.Last is { } last && await Find(last) is { } holder && Holds(holder, submission.Keys!.UniqueUntil))
                return new TaskAccepted(new TaskReceipt(last, holder.TraceId, holder.State, health.State == StoreState.Healthy ? Durability.Redis : Durability.Journal, Created: false));
            if (state.State.Last != submission.Id)
                await Keep(new KeyedIntakeState { Last = submission.Id });
            return await Submit(submission with { Keys = submission.Keys! with { Unique = null } });
        }
        catch (StoreUnavailableException e)
        {
            return new StoreUnavailable(e.Message, e.RetryAfter);
        }
    }

    private static bool Holds(TaskSnapshot holder, UniqueUntil until) =>
        !holder.State.IsTerminal() && (until == UniqueUntil.Done || holder.Attempt == 0);

    /// <summary>The last one; and, where it is not known whether that exists or is one that was said again, those before it.</summary>
    private TaskId[] Follow(KeyedIntakeState before) => before.Last is not { } last ? []
        : _lastIsSure ? [last]
        : [last, .. before.Behind.Where(t => t != last).Take(MostFollowed - 1)];

    private async Task Restore(KeyedIntakeState before)
    {
        var wasSure = _lastIsSure;
        _lastIsSure = false;
        try
        {
            await Keep(before);
            _lastIsSure = wasSure;
        }
        catch (StoreUnavailableException)
        {
            // The next one follows both.
        }
    }

    /// <summary>Durable when it returns.</summary>
    private async Task Keep(KeyedIntakeState next)
    {
        var known = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = known;
            throw;
        }
    }

    private Task<TaskSnapshot?> Find(TaskId id) => GrainFactory.GetTask(id).Get();

    private async Task<SubmitOutcome> Submit(TaskSubmission submission) =>
        (await GrainFactory.GetGrain<IIntakeGrain>(0).Submit([submission]))[0];
}

[GenerateSerializer, Alias("mai.KeyedIntakeState")]
public sealed class KeyedIntakeState
{
    /// <summary>The task that came last; it may not have been taken in.</summary>
    [Id(0)] public TaskId? Last { get; set; }

    /// <summary>Those that it followed.</summary>
    [Id(1)] public TaskId[] Behind { get; set; } = [];
}
