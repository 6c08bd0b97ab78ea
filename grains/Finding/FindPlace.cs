using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Finding;

/// <summary>Where a list goes on: the last entry that was looked at, in the order of states, partitions and index. Written <c>state~partition~score~task</c>.</summary>
/// <param name="Last">Null for the beginning of that partition.</param>
internal sealed record FindPlace(TaskState State, PartitionId Partition, IndexPlace? Last)
{
    /// <summary>What people look for first comes first.</summary>
    public static readonly IReadOnlyList<TaskState> Order =
    [
        TaskState.Running, TaskState.Queued, TaskState.Scheduled, TaskState.Blocked, TaskState.Dead, TaskState.Failed, TaskState.Cancelled, TaskState.Succeeded,
    ];

    public static bool TryParse(string text, [NotNullWhen(true)] out FindPlace? place)
    {
        place = null;
        if (text.Split('~') is not [var stateText, var partitionText, var score, var task] || !PartitionId.TryParse(partitionText, out var partition))
            return false;
        var states = Order.Where(s => s.WireName() == stateText).ToArray();
        if (states.Length == 0)
            return false;
        if (score.Length + task.Length == 0)
        {
            place = new FindPlace(states[0], partition, null);
            return true;
        }

        if (!long.TryParse(score, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || !Base32.TryDecode(task, out var id))
            return false;
        place = new FindPlace(states[0], partition, new IndexPlace(id, value));
        return true;
    }

    public override string ToString() => Last is { } last
        ? string.Create(CultureInfo.InvariantCulture, $"{State.WireName()}~{Partition}~{last.Score}~{Base32.Encode(last.Task)}")
        : $"{State.WireName()}~{Partition}~~";
}
