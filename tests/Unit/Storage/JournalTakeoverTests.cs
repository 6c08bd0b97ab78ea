using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage.Model;

namespace MorningAI.Tests.Unit.Storage;

/// <summary>What a silo takes down of another that leaves.</summary>
public sealed class JournalTakeoverTests
{
    private const int Most = 100; // an answer, of the silo that leaves

    private readonly ModelJournal _journal = new();
    private readonly List<RecordWrite> _theirs = [];
    private readonly List<RecordVersion> _asked = [];
    private readonly List<RecordWrite> _written = [];
    private bool _isTaken = true;

    [Fact]
    public async Task Run_EndedByTheOther_IsWrittenAsItWas()
    {
        var mine = Append(TaskState.Queued);
        var theirs = Theirs(mine.Key, TaskState.Succeeded, version: 4, writer: 2);

        Assert.True(await TakeOver());

        var written = Assert.Single(_written);
        Assert.Equal((mine.Key, 4, 1, 2ul, new IndexEntry(TaskState.Succeeded, 7)), (written.Key, written.Version, written.Base, written.Writer, written.Index));
        Assert.Equal(theirs.Body, written.Body);
        Assert.True(written.IsAcknowledged);
    }

    [Fact]
    public async Task Run_EndsAndWhatTheOtherHasNotMoved_AreLeftAlone()
    {
        var queued = Append(TaskState.Queued);
        Append(TaskState.Succeeded);
        Append(TaskState.Dead);
        Assert.True(await TakeOver());
        Assert.Equal(queued.Key.Id, Assert.Single(_asked).Id);
        Assert.Empty(_written);
    }

    /// <summary>Of what is large, an answer holds less than was asked for.</summary>
    [Fact]
    public async Task Run_MoreThanAnAnswerHolds_TheRestIsAskedForAgain()
    {
        var mine = Enumerable.Range(0, 600).Select(_ => Append(TaskState.Queued)).ToArray();
        foreach (var write in mine)
            Theirs(write.Key, TaskState.Succeeded, version: 2, writer: 2);
        Assert.True(await TakeOver());
        Assert.Equal(mine.Select(w => w.Key.Id).Order(), _written.Select(w => w.Key.Id).Order());
    }

    /// <summary>What lingers in memory is not read from the file.</summary>
    [Fact]
    public async Task Run_NotOnDiskYet_IsWaitedFor()
    {
        var mine = Append(TaskState.Queued);
        Assert.Empty(_journal.ReadUnfinished(ModelSilo.Tag, long.MaxValue, 10));
        Theirs(mine.Key, TaskState.Succeeded, version: 2, writer: 2);
        Assert.True(await TakeOver());
        Assert.Single(_written);
    }

    [Fact]
    public async Task Run_NeitherStoreNorDiskTakesIt_SaysSo()
    {
        Theirs(Append(TaskState.Queued).Key, TaskState.Succeeded, version: 2, writer: 2);
        _isTaken = false;
        Assert.False(await TakeOver());
    }

    private Task<bool> TakeOver() => new JournalTakeover(_journal, TakeIn, Ask).Run().InTime();

    private Task<bool> TakeIn(IReadOnlyList<RecordWrite> writes)
    {
        _written.AddRange(writes);
        return Task.FromResult(_isTaken);
    }

    private Task<NewerRecords> Ask(string tag, RecordVersion[] known)
    {
        var compared = known[..Math.Min(Most, known.Length)];
        _asked.AddRange(compared);
        return Task.FromResult(new NewerRecords([.. compared.SelectMany(k => _theirs.Where(t => t.Key == new RecordKey(tag, k.Kind, k.Id))).Select(t => HandedRecord.Of(new JournalEntry(1, t), confirmed: 1))], compared.Length));
    }

    private RecordWrite Theirs(RecordKey key, TaskState state, long version, ulong writer)
    {
        var write = new RecordWrite { Key = key with { Tag = ModelSilo.Tag }, Version = version, Base = 1, Writer = writer, Body = [2], Index = new IndexEntry(state, 7) };
        _theirs.Add(write);
        return write;
    }

    private RecordWrite Append(TaskState state)
    {
        var write = new RecordWrite { Key = RecordKey.Of(new TaskId(new PartitionId(QueueName.Default, 0), Guid.NewGuid())), Version = 1, Base = 0, Writer = 1, Body = [1], Index = new IndexEntry(state, 1) };
        _journal.Append(write);
        return write;
    }
}
