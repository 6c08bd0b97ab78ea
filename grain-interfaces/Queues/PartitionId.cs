using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MorningAI.Queues;

/// <summary>One partition of one queue, written <c>queue.number</c>: the unit of order, of dispatch and of a Redis hash tag.</summary>
[GenerateSerializer, Immutable, Alias("mai.PartitionId")]
public readonly record struct PartitionId([property: Id(0)] QueueName Queue, [property: Id(1)] int Number)
{
    /// <summary>The most partitions that one queue may have. Bounds the ids that a stranger can make us open a grain for.</summary>
    public const int MaxPartitions = 1024;

    /// <exception cref="FormatException">The text is not <c>queue.number</c>.</exception>
    public static PartitionId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{Shown.Short(text)}' is not a queue partition: expected queue.number, as in 'default.0'.");

    public static bool TryParse([NotNullWhen(true)] string? text, out PartitionId id)
    {
        id = default;
        return text is not null && TryRead(text, out id);
    }

    /// <summary>As <see cref="TryParse"/>, from a part of a longer text.</summary>
    internal static bool TryRead(ReadOnlySpan<char> text, out PartitionId id)
    {
        id = default;
        var dot = text.LastIndexOf('.');
        if (dot < 0 || !QueueName.TryRead(text[..dot], out var queue) || !TryParseNumber(text[(dot + 1)..], out var number))
            return false;
        id = new PartitionId(queue, number);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Queue.Value}.{Number}");

    /// <summary>Canonical decimal only (no sign, no leading zero), so that one partition has one spelling.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number < MaxPartitions
        && (text.Length == 1 || text[0] != '0');
}
