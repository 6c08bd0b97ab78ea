using System.Security.Cryptography;
using System.Text;
using MorningAI.Intake;

namespace MorningAI.Tasks;

/// <summary>
/// A task like one that has ended, for a retry by hand. The ended one stays as it is: an end that was acknowledged must win
/// over whatever a store that lost it shows, and could not if it might be taken back.
/// </summary>
internal static class Resubmission
{
    /// <summary>Its due time and deadline have passed with the first one and are left out.</summary>
    public static TaskSubmission Of(TaskId id, TaskRecord ended) => new()
    {
        Id = IdAfter(id),
        Kind = ended.Kind,
        Payload = ended.Payload,
        Priority = ended.Priority,
        TraceId = ended.TraceId,
        ParentSpan = ended.ParentSpan,
        Timeout = ended.Timeout,
        Retry = ended.Retry,
        Tags = ended.Marks?.Tags is { Length: > 0 } tags ? tags : null,
        Keys = ended.Marks is { } turn ? new TaskKeys { Order = turn.OrderKey, Limit = turn.LimitKey } : null,
    };

    /// <summary>The same for each repeat, and in the same partition.</summary>
    public static TaskId IdAfter(TaskId id)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"retry\n{id}"), hash);
        return new TaskId(id.Partition, new Guid(hash[..16], bigEndian: true));
    }
}
