using System.Collections;
using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>What every log line of a handler carries.</summary>
internal sealed class AttemptScope(TaskId id, AttemptBegun begun) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 4;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("TaskId", id),
        1 => new("Kind", begun.Kind),
        2 => new("Attempt", begun.Attempt.Number),
        3 => new("TraceId", begun.TraceId),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"task {id} attempt {begun.Attempt.Number} trace {begun.TraceId}";
}
