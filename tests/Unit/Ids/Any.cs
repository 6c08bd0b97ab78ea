using CsCheck;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Ids;

/// <summary>Generators of valid ids, and of text that is mostly not one.</summary>
internal static class Any
{
    private const string NameFirst = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const string NameRest = NameFirst + "_-";

    public static readonly Gen<QueueName> Queue =
        from first in Gen.Char[NameFirst]
        from rest in Gen.String[Gen.Char[NameRest], 0, 63]
        select QueueName.Parse(first + rest);

    public static readonly Gen<PartitionId> Partition = Gen.Select(Queue, Gen.Int[0, PartitionId.MaxPartitions - 1], (queue, number) => new PartitionId(queue, number));

    public static readonly Gen<TaskId> Task = Gen.Select(Partition, Gen.Guid, (partition, unique) => new TaskId(partition, unique));

    public static readonly Gen<TaskPriority> Priority = Gen.Int[0, 3].Select(number => (TaskPriority)number);

    /// <summary>To the microsecond, within what a rank can hold.</summary>
    public static readonly Gen<DateTimeOffset> Moment =
        Gen.Long[0, 70L * 365 * 24 * 3600 * 1_000_000].Select(micros => new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMicroseconds(micros));

    /// <summary>Text with the characters that ids are made of, and some that they are not.</summary>
    public static readonly Gen<string> NearlyId = Gen.String[Gen.Char["abz019_-.AIL \n%\u00e9"], 0, 40];
}
