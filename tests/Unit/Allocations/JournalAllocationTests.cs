using MorningAI.Storage;
using MorningAI.Storage.Journaling;

namespace MorningAI.Tests.Unit.Allocations;

/// <summary>What an append costs whoever writes; the journal's own thread does the rest.</summary>
public sealed class JournalAllocationTests
{
    private readonly PendingWork _pending = new(lastSeq: 0, reserved: long.MaxValue);
    private readonly RecordWrite[] _writes = [.. Enumerable.Range(0, 256).Select(i => new RecordWrite { Key = RecordKey.Of(Given.Id(i)), Version = 1, Base = 0, Writer = 7, Body = new byte[350] })];
    private readonly JournalWork _work = new();
    private int _next;

    /// <summary>What is on its way: a header of 16, four references and numbers, two flags.</summary>
    [Fact]
    public void Append_ARecord_AllocatesItsPlace() => Allocated.AssertAtMost(56, () => _pending.Append(_writes[_next++ % _writes.Length], acknowledged: false), between: Commit);

    /// <summary>17 bytes.</summary>
    [Fact]
    public void JournalKey_OfATask_AllocatesItsBytes() => Allocated.AssertAtMost(Allocated.Array(17), () => JournalKey.Encode(_writes[0].Key));

    private void Commit()
    {
        _pending.Take(_work, int.MaxValue);
        _pending.Settle(_work.Appends, refusal: null);
        _work.Appends.Clear();
    }
}
