using MorningAI.Storage.Journaling;

namespace MorningAI.Storage;

/// <summary>A write that waits for the store, or for the journal in its place.</summary>
internal abstract class PendingWrite(RecordWrite write, JournalTicket ticket)
{
    public RecordWrite Write { get; } = write;

    public JournalTicket Ticket { get; } = ticket;

    public abstract void End(WriteOutcome outcome);

    public abstract void End(Exception failure);
}

/// <summary>One that somebody waits for by itself.</summary>
internal sealed class AwaitedWrite(RecordWrite write, JournalTicket ticket) : PendingWrite(write, ticket)
{
    private readonly TaskCompletionSource<WriteOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<WriteOutcome> Ended => _ended.Task;

    public override void End(WriteOutcome outcome) => _ended.SetResult(outcome);

    public override void End(Exception failure) => _ended.SetException(failure);
}

/// <summary>One of several that are waited for together: a completion and a scheduling for each was half of what a bulk submit cost.</summary>
internal sealed class GroupedWrite(RecordWrite write, JournalTicket ticket, WriteGroup group, int at) : PendingWrite(write, ticket)
{
    public override void End(WriteOutcome outcome) => group.End(at, new WriteAnswer(outcome, null));

    public override void End(Exception failure) => group.End(at, failure);
}

/// <summary>Writes that are waited for together.</summary>
internal sealed class WriteGroup(int count)
{
    private readonly TaskCompletionSource<WriteAnswer[]> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteAnswer[] _answers = new WriteAnswer[count];
    private int _left = count;

    public Task<WriteAnswer[]> Ended => _ended.Task;

    public void End(int at, Exception failure) =>
        End(at, new WriteAnswer(default, failure as StoreUnavailableException ?? new StoreUnavailableException($"It could not be stored: {failure.Message}", failure) { MayHaveLanded = true }));

    public void End(int at, WriteAnswer answer)
    {
        _answers[at] = answer;
        if (Interlocked.Decrement(ref _left) == 0)
            _ended.SetResult(_answers);
    }
}
