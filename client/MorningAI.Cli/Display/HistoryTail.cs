using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Display;

/// <summary>Gives each line of a task's history once, however often the task is read and even where the silo drops its oldest lines.</summary>
internal sealed class HistoryTail
{
    private TaskMoment? _last;

    public IEnumerable<TaskMoment> Next(IReadOnlyList<TaskMoment> history)
    {
        var start = 0;
        if (_last is not null)
        {
            start = history.Count;
            while (start > 0 && history[start - 1] != _last && history[start - 1].At >= _last.At)
                start--;
        }

        if (history.Count > 0)
            _last = history[^1];
        return history.Skip(start);
    }
}
