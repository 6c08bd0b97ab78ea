using Microsoft.Extensions.Logging;
using MorningAI.Storage;
using MorningAI.Workers;

namespace MorningAI.Tasks;

/// <summary>What the task is now: from the store, from a worker that has begun an attempt by itself, or as it is remembered here.</summary>
internal sealed partial class TaskGrain
{
    private Task? _loading;
    private Task? _meeting;
    private bool _mayBeOld; // it was read in an outage or soon after, and nothing was written since
    private long _loadedVersion;
    private ulong _loadedWriter;
    private long _metAt; // 0: never
    private int _metLife;

    /// <summary>The queue has known ever since it was met that this grain is awake: nobody else has moved the task on.</summary>
    private bool IsSure => IsMetWithin(DirectAttempts.RememberedFor);

    /// <summary>Reads the record unless it is here and up to date. Neither not finding one nor a failure is remembered: the next call asks again.</summary>
    private Task Load()
    {
        if (_loading is { IsCompleted: false })
            return _loading; // also where the queue is met already: what is here may be from before that
        if (_task is { } task && !_mayBeOld && (task.State.IsTerminal() || IsSure))
        {
            // Before the queue forgets. Nobody waits for that: one that does not answer now is asked again with the next call.
            if (!task.State.IsTerminal() && !IsMetWithin(DirectAttempts.Trust) && _meeting is null or { IsCompleted: true })
                _meeting = MeetAgain();
            return Task.CompletedTask;
        }

        return _loading = Read();
    }

    private bool IsMetWithin(TimeSpan span) => _metAt != 0 && _metLife == _direct.LifeOf(_id.Partition) && _time.GetElapsedTime(_metAt) < span;

    private async Task Read()
    {
        await ReadRecord();
        if (_task is not { } task || task.State.IsTerminal() || IsSure)
            return;
        var meeting = await Meet();
        await ReadRecord(); // until then it may have been moved on
        var begun = (meeting?.Worker ?? _task.Current?.Worker) is { } holder ? await _direct.TakeOver(_id, holder)
            : meeting is not null ? null
            : await _direct.TakeOverFromAny(_id);
        if (begun is { Length: 0 })
            await ReadRecord(); // it may have ended there since
        else if (begun is not null && StoredRecord.Parse(begun) is var record && record.Header.Version > _version)
            TakeOver(record); // or else a grain before this one has, and gone on since
        Remember(meeting); // not before: what the worker has, and does not hand over, this grain does not know
    }

    private async Task MeetAgain() => Remember(await Meet());

    /// <summary>Once the queue knows of this grain, no worker begins anything without it.</summary>
    /// <returns>Null where it does not answer.</returns>
    private async Task<Meeting?> Meet()
    {
        var (life, at) = (_direct.LifeOf(_id.Partition), _time.GetTimestamp());
        try
        {
            return new Meeting(await _direct.Meet(_id), life, at);
        }
        catch (Exception e)
        {
            LogNotMet(_id, e.Message);
            return null;
        }
    }

    private void Remember(Meeting? meeting)
    {
        if (meeting is { } met)
            (_metLife, _metAt) = (met.Life, met.At);
    }

    private async Task ReadRecord()
    {
        if (await _records.Read(_key) is not { } stored)
        {
            DeactivateOnIdle();
            return;
        }

        // Two silos may have taken it in, each as its first version, in an outage of one of them: what is read now is the one that stays.
        var isOther = stored.Header.Version == _loadedVersion && _version == _loadedVersion && stored.Header.Writer != _loadedWriter;
        if (_task is not null && stored.Header.Version <= _version && !isOther)
        {
            _mayBeOld &= stored.MayBeOld; // it was up to date
            return;
        }

        try
        {
            TakeOver(stored);
        }
        catch (Exception e) when (UnreadableRecord.IsCauseOf(e))
        {
            await _records.Quarantine(_key, stored.Header.Prepend(stored.Body.Span), $"It is not a task as this version writes them: {e.Message}");
            DeactivateOnIdle();
        }
    }

    private void TakeOver(StoredRecord record)
    {
        _task = _serializer.Deserialize(record.Body);
        _mayBeOld = record.MayBeOld;
        _keptTrail = _task?.Trail;
        _version = _shown = _loadedVersion = record.Header.Version;
        _loadedWriter = record.Header.Writer;
    }

    /// <param name="Worker">Whom the task is with; null for none.</param>
    /// <param name="Life">Of the queue's partition.</param>
    /// <param name="At">A timestamp: before it was asked.</param>
    private readonly record struct Meeting(WorkerId? Worker, int Life, long At);
}
