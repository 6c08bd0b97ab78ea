using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>Names one stored record.</summary>
/// <param name="Tag">The Redis hash tag: records of one tag share a slot of a Redis Cluster and can be written in one step.</param>
/// <param name="Kind">What it is: one short lower-case word.</param>
/// <param name="Id">Which one, within tag and kind.</param>
public readonly record struct RecordKey(string Tag, string Kind, string Id)
{
    public const string TaskKind = "task";

    public static RecordKey Of(TaskId id) => new(id.Partition.ToString(), TaskKind, Base32.Encode(id.Unique));

    public override string ToString() => $"{Tag}/{Kind}/{Id}";
}

/// <summary>A record's place in its partition's state index. The member is the record key's id.</summary>
/// <param name="Score">Order within the state: a <see cref="QueueRank"/> while it waits, a moment once it is finished.</param>
public readonly record struct IndexEntry(TaskState State, long Score);
