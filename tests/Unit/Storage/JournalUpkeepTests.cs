using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage.Model;

namespace MorningAI.Tests.Unit.Storage;

public sealed class JournalUpkeepTests
{
    private readonly ModelJournal _journal = new();
    private int _pauses;

    /// <summary>What the gone silo did is nowhere else, so it is not done with what could not be compared.</summary>
    [Fact]
    public async Task Adopt_TagIsOutOfStep_SaysThatItIsNotWhole()
    {
        Append(TaskState.Queued);
        Assert.False(await Adopt(isLive: false));
        Assert.Equal(0, _pauses);
    }

    /// <summary>Nothing follows an end: the store, which this test has none of, is not asked.</summary>
    [Fact]
    public async Task Adopt_EndsAlone_AsksNothing()
    {
        Append(TaskState.Succeeded);
        Append(TaskState.Dead);
        Assert.True(await Adopt(isLive: true));
        Assert.Equal(0, _pauses);
    }

    /// <summary>What the store has not confirmed is on its way there, and newer than what is there.</summary>
    [Fact]
    public async Task Adopt_Unconfirmed_IsPassedOver()
    {
        Append(TaskState.Queued);
        Assert.True(await Adopt(isLive: true));
        Assert.Equal(1, _pauses);
    }

    private Task<bool> Adopt(bool isLive) => new JournalUpkeep(null!, _journal, _ => isLive, NullLogger.Instance).Adopt(() =>
    {
        _pauses++;
        return Task.CompletedTask;
    }).InTime();

    private void Append(TaskState state) => _journal.Append(new RecordWrite
    {
        Key = RecordKey.Of(new TaskId(new PartitionId(QueueName.Default, 0), Guid.NewGuid())),
        Version = 1,
        Base = 0,
        Writer = 1,
        Body = [1],
        Index = new IndexEntry(state, 1),
    });
}
