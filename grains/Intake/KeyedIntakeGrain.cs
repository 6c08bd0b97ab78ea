using System.Text;
using MorningAI.Storage;
using MorningAI.Tasks;
using Orleans.Serialization;

namespace MorningAI.Intake;

/// <summary>
/// One key's way in. Which task is its last is stored before that task is: after a crash in between, the last one does not
/// exist, and the one before it counts. The other way round a task could exist that the next one does not wait for.
/// In an outage a key that nobody has used lately cannot be read: an order goes on, its first task behind what it finds out
/// later; a unique key cannot, as the task that it may name is the answer.
/// </summary>
internal sealed class KeyedIntakeGrain(IDurableRecords records, Serializer<KeyedIntakeState> serializer, StoreHealth health) : Grain, IKeyedIntakeGrain
{
    /// <summary>Followed at the most: more than two come of crashes and outages only.</summary>
    private const int MostFollowed = 16;

    private readonly ulong _writer = (ulong)Random.Shared.NextInt64();
    private KeyedIntakeState _state = new();
    private long _version, _base;
    private bool _loaded, _lastIsSure, _untouched = true;

    private RecordKey Stored => new($"keys-{this.GetGrainId().GetUniformHashCode() % 16:x}", "key", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(this.GetPrimaryKeyString())));

    public async Task<SubmitOutcome> SubmitInOrder(TaskSubmission submission)
    {
        try
        {
            await TryLoad();
            _untouched = false;
            var before = _state;
            var isAgain = before.Last == submission.Id;
            var follows = isAgain ? before.Behind : Follow(before);
            if (!isAgain)
                await Keep(before with { Last = submission.Id, Behind = follows, Head = follows.Contains(default) ? submission.Id : before.Head });
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
            if (!await TryLoad())
                return new StoreUnavailable("Whether a task of this unique_key is there cannot be read now. Nothing was stored. Try again.", TimeSpan.FromSeconds(1));
            if (_state.Last is { } last && await GrainFactory.GetTask(last).Get() is { } holder && Holds(holder, submission.Keys!.UniqueUntil))
                return new TaskAccepted(new TaskReceipt(last, holder.TraceId, holder.State, health.State == StoreState.Healthy ? Durability.Redis : Durability.Journal, Created: false));
            if (_state.Last != submission.Id)
                await Keep(new KeyedIntakeState { Last = submission.Id });
            return await Submit(submission with { Keys = submission.Keys! with { Unique = null } });
        }
        catch (StoreUnavailableException e)
        {
            return new StoreUnavailable(e.Message, e.RetryAfter);
        }
    }

    public async Task<TaskId[]> Earlier(TaskId first)
    {
        if (!await TryLoad())
            throw new StoreUnavailableException("What came before it cannot be read now. Try again.");
        if (_state.Head == first)
            return _state.Earlier;
        // Who knew was lost in the outage: what is stored came before it, unless others came since.
        return _untouched && _state.Last is { } last && last != first ? [last, .. _state.Behind] : [];
    }

    private static bool Holds(TaskSnapshot holder, UniqueUntil until) =>
        !holder.State.IsTerminal() && (until == UniqueUntil.Done || holder.Attempt == 0);

    /// <summary>
    /// The last one; and, where it is not known whether that exists or is one that was said again, those before it. The
    /// default where there may be one that cannot be read.
    /// </summary>
    private TaskId[] Follow(KeyedIntakeState before) => before.Last is not { } last ? _loaded ? [] : [default]
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

    /// <summary>What came in meanwhile goes behind what is found.</summary>
    private async Task<bool> TryLoad()
    {
        if (_loaded)
            return true;
        try
        {
            var stored = await records.Read(Stored);
            var state = stored is { } record ? serializer.Deserialize(record.Body)! : new KeyedIntakeState();
            _version = _base = stored?.Header.Version ?? 0;
            _loaded = true;
            if (_state.Last is null)
                _state = state;
            else
                await Keep(_state with { Earlier = state.Last is { } last ? [last, .. state.Behind] : [] });
            return true;
        }
        catch (StoreUnavailableException)
        {
            return _loaded;
        }
    }

    /// <summary>Durable when it returns; in memory where there is nothing yet to put it upon.</summary>
    private async Task Keep(KeyedIntakeState next)
    {
        if (_loaded)
        {
            var outcome = await records.Write(new RecordWrite { Key = Stored, Version = ++_version, Base = _base, Writer = _writer, Body = serializer.SerializeToArray(next) });
            if (outcome.Result is WriteResult.Conflict or WriteResult.Exists)
            {
                DeactivateOnIdle(); // another activation lives, or lived: the next one reads what it wrote
                throw new StoreUnavailableException("Its key was used from elsewhere at the same moment. Try again.");
            }
        }

        _state = next;
    }

    private async Task<SubmitOutcome> Submit(TaskSubmission submission) =>
        (await GrainFactory.GetIntake().Submit([submission]))[0];
}

[GenerateSerializer, Immutable, Alias("mai.KeyedIntakeState")]
public sealed record KeyedIntakeState
{
    /// <summary>The task that came last; it may not have been taken in.</summary>
    [Id(0)] public TaskId? Last { get; init; }

    /// <summary>Those that it followed.</summary>
    [Id(1)] public TaskId[] Behind { get; init; } = [];

    /// <summary>The last task that came while nobody could say what was before it.</summary>
    [Id(2)] public TaskId? Head { get; init; }

    /// <summary>What was found to be before <see cref="Head"/>.</summary>
    [Id(3)] public TaskId[] Earlier { get; init; } = [];
}
