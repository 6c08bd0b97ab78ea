using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MorningAI.Queues;

namespace MorningAI.Tasks;

/// <summary>
/// A task's name, written <c>queue.partition.unique</c>, as in <c>faq.0.01jd3n9p7k8q2v5w6x7y8z9abc</c>. It carries
/// where the task lives, so nobody looks anything up; its maker is whoever submits, so a submit can be repeated.
/// </summary>
[GenerateSerializer, Immutable, Alias("mai.TaskId")]
public readonly record struct TaskId([property: Id(0)] PartitionId Partition, [property: Id(1)] Guid Unique)
{
    public QueueName Queue => Partition.Queue;

    /// <summary>A new id. Ids made later sort later (UUID version 7).</summary>
    public static TaskId New(PartitionId partition, DateTimeOffset now) => new(partition, UniqueNumbers.Next(now));

    /// <summary>
    /// The id that an idempotency key stands for: the same key in the same queue is the same task, on every silo,
    /// with no index to ask. Changing a queue's number of partitions changes the ids of its keys.
    /// </summary>
    /// <param name="key">1 to 256 characters, the caller's own.</param>
    public static TaskId ForKey(QueueName queue, int partitions, string key)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{queue.Value}\n{key}"), hash);
        var partition = (int)(BinaryPrimitives.ReadUInt32BigEndian(hash[16..]) % (uint)partitions);
        return new TaskId(new PartitionId(queue, partition), new Guid(hash[..16], bigEndian: true));
    }

    /// <exception cref="FormatException">The text is not a task id.</exception>
    public static TaskId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{Shown.Short(text)}' is not a task id: expected queue.partition.unique, as in 'default.0.{Base32.Encode(Guid.Empty)}'.");

    public static bool TryParse([NotNullWhen(true)] string? text, out TaskId id)
    {
        id = default;
        if (text is null)
            return false;
        var dot = text.LastIndexOf('.');
        if (dot < 0 || !PartitionId.TryRead(text.AsSpan(0, dot), out var partition) || !Base32.TryDecode(text.AsSpan(dot + 1), out var unique))
            return false;
        id = new TaskId(partition, unique);
        return true;
    }

    public override string ToString()
    {
        Span<char> unique = stackalloc char[Base32.Length];
        Base32.Write(Unique, unique);
        return string.Create(CultureInfo.InvariantCulture, $"{Partition.Queue.Value}.{Partition.Number}.{(ReadOnlySpan<char>)unique}");
    }
}
