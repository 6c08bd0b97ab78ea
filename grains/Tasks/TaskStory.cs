namespace MorningAI.Tasks;

/// <summary>
/// Tells a task's events after a place, in order. An attempt's lines and text come after the line of the history that
/// begins it and before the one that ends it, whatever the clocks of two machines say.
/// </summary>
internal sealed class TaskStory
{
    /// <summary>Characters of streamed text in one answer.</summary>
    public const int MaxText = 16_384;

    private readonly TaskRecord _task;
    private readonly StreamBuffer? _stream;
    private readonly List<TaskHappening> _happenings = [];
    private EventCursor _at;

    private TaskStory(TaskRecord task, StreamBuffer? stream, EventCursor after)
    {
        _task = task;
        _stream = stream;
        _at = after;
    }

    /// <param name="ended">The task as people see it, where it has ended.</param>
    public static TaskNews Since(EventCursor after, TaskRecord task, TaskProgress? progress, StreamBuffer? stream, Func<TaskSnapshot> ended)
    {
        var story = new TaskStory(task, stream, after);
        var all = story.TellHistory() && story.TellAttempt(int.MaxValue);
        if (all && progress is not null)
            story.Tell(new ProgressMade(task.Attempts, progress), story._at);
        if (!all || !task.State.IsTerminal())
            return new TaskNews(story._happenings, Ended: false);
        if (!after.Ended || story._happenings.Count > 0)
            story.Tell(new TaskEnded(ended()), story._at with { Ended = true });
        return new TaskNews(story._happenings, Ended: true);
    }

    /// <returns>False where the answer is full, and more is to come.</returns>
    private bool TellHistory()
    {
        var (seen, last) = (_at.History, _at.HistoryTicks);
        for (var i = 0; i < _task.History.Length; i++)
        {
            var line = _task.History[i];
            var place = TrailRules.PlaceOf(_task, i);
            if (place <= seen && line.At.UtcTicks <= last)
                continue;
            if (!TellAttempt(line.State == TaskState.Running ? line.Attempt - 1 : line.Attempt))
                return false;
            Tell(new StateReached(line), _at with { History = place, HistoryTicks = Math.Max(_at.HistoryTicks, line.At.UtcTicks), Ended = false });
        }

        return true;
    }

    /// <summary>What the attempts up to <paramref name="last"/> said.</summary>
    private bool TellAttempt(int last)
    {
        TellLog(last);
        return TellStream(last);
    }

    private void TellLog(int last)
    {
        if (_task.Trail is not { } trail)
            return;
        foreach (var line in trail.Lines)
        {
            if (line.Mark <= _at.Log)
                continue;
            if (line.Attempt > last)
                return;
            if (_at.Log < trail.LastDropped)
                Tell(new LinesDropped(trail.Dropped), _at with { Log = trail.LastDropped });
            Tell(new LineLogged(line), _at with { Log = line.Mark });
        }
    }

    private bool TellStream(int last)
    {
        if (_stream is not { } stream || stream.Attempt > last)
            return true;
        if ((_at.StreamAttempt, _at.StreamEpoch) != (stream.Attempt, stream.Epoch))
        {
            var next = _at with { StreamAttempt = stream.Attempt, StreamEpoch = stream.Epoch, StreamOffset = 0 };
            if (_at.StreamAttempt > 0)
                Tell(new StreamRestarted(stream.Attempt), next);
            _at = next;
        }

        if (_at.StreamOffset < stream.From)
            Tell(new StreamTruncated(stream.Attempt, _at.StreamOffset, stream.From), _at with { StreamOffset = stream.From });
        if (_at.StreamOffset >= stream.To)
            return true;
        var text = stream.Read(_at.StreamOffset, MaxText);
        Tell(new TextStreamed(stream.Attempt, _at.StreamOffset, text), _at with { StreamOffset = _at.StreamOffset + text.Length });
        return _at.StreamOffset == stream.To;
    }

    private void Tell(TaskHappening happening, EventCursor at)
    {
        _at = at;
        _happenings.Add(happening with { Id = at });
    }
}
