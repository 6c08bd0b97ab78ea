using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>Tasks of the last minute or two.</summary>
internal sealed class RecentTasks(TimeProvider time)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(1);

    private HashSet<TaskId> _recent = [];
    private HashSet<TaskId> _older = [];
    private long _turnedAt = time.GetTimestamp();

    public bool Contains(TaskId task) => _recent.Contains(task) || _older.Contains(task);

    public void Add(TaskId task)
    {
        if (time.GetElapsedTime(_turnedAt) >= Turn)
        {
            (_older, _recent) = (_recent, []);
            _turnedAt = time.GetTimestamp();
        }

        _recent.Add(task);
    }
}
