using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using static MorningAI.Tests.Unit.Storage.Journaling.JournalBench;

namespace MorningAI.Tests.Unit.Storage.Journaling;

public sealed class JournalCompactionTests : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private readonly JournalBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Finished_ConfirmedForTheWindow_Goes_AndTheUnfinishedStays()
    {
        var journal = _bench.Open();
        journal.Append(Write("a", "waits", state: TaskState.Queued));
        journal.Append(Write("a", "state"));
        journal.Append(Write("a", "deleted", version: 2, body: null));
        var last = journal.Append(Write("a", "done", state: TaskState.Succeeded));
        await last.Durable.InTime();
        journal.Confirm("a", last.Seq);
        var from = _bench.Time.GetUtcNow();

        await _bench.Passes(TimeSpan.FromSeconds(5), () => journal.Read("a", 0, 10).Count == 2, "the finished are gone");

        Assert.True(_bench.Time.GetUtcNow() - from >= Window);
        Assert.Equal(["waits", "state"], journal.Read("a", 0, 10).Select(e => e.Write.Key.Id));
    }

    [Fact]
    public async Task Finished_NeverConfirmed_Stays()
    {
        var journal = _bench.Open();
        await journal.Append(Write("a", "done", state: TaskState.Failed)).Durable.InTime();
        await PassAlone(journal, Window * 3);

        Assert.Single(journal.Read("a", 0, 10));
    }

    [Fact]
    public async Task Finished_WhileTheStoreIsDown_WindowStands()
    {
        var journal = _bench.Open();
        var ticket = journal.Append(Write("a", "done", state: TaskState.Succeeded));
        await ticket.Durable.InTime();
        journal.Confirm("a", ticket.Seq);
        await PassAlone(journal, Window / 2);
        _bench.IsStoreSound = false;
        await PassAlone(journal, Window * 3);
        Assert.Single(journal.Read("a", 0, 10));

        _bench.IsStoreSound = true;
        await _bench.Passes(TimeSpan.FromSeconds(5), () => journal.Read("a", 0, 10).Count == 0, "it is gone");
    }

    [Fact]
    public async Task Finished_StoreCameBackOlder_WindowBeginsAnew()
    {
        var journal = _bench.Open();
        var first = journal.Append(Write("a", "first", state: TaskState.Succeeded));
        var second = journal.Append(Write("a", "second", state: TaskState.Succeeded));
        await second.Durable.InTime();
        journal.Confirm("a", second.Seq);
        await PassAlone(journal, Window * 0.9);
        journal.Confirm("a", first.Seq);
        journal.Confirm("a", second.Seq);
        await PassAlone(journal, Window * 0.5);

        Assert.Equal("second", Assert.Single(journal.Read("a", 0, 10)).Write.Key.Id);
    }

    [Fact]
    public async Task Size_ManyTasksComeAndGo_IsBoundedByTheUnfinished()
    {
        var journal = _bench.Open();
        var body = new string('x', 400);
        for (var round = 0; round < 20; round++)
        {
            JournalTicket last = default;
            for (var i = 0; i < 1000; i++)
            {
                journal.Append(Write("a", $"{round}-{i}", version: 1, state: TaskState.Queued, body: body));
                last = journal.Append(Write("a", $"{round}-{i}", version: 2, state: TaskState.Succeeded, body: body));
            }

            await last.Durable.InTime();
            journal.Confirm("a", last.Seq);
            await _bench.Passes(TimeSpan.FromMinutes(1), () => journal.LastSeqOf("a") == 0, "the round's are gone");
        }

        await _bench.Passes(TimeSpan.FromSeconds(1), () => JournalInspector.Inspect(_bench.File, _bench.Time).Stats.Records == 0, "nothing is left");
        journal.Dispose();
        Assert.InRange(new FileInfo(_bench.File).Length, 1, 1500 * 1024); // a round is 600 KiB, twenty are 12 MiB
    }

    /// <summary>Time passes in steps, and the writing thread has seen the last of them.</summary>
    private async Task PassAlone(SqliteJournal journal, TimeSpan span)
    {
        for (var step = 0; step < 40; step++)
            _bench.Time.Advance(span / 40);
        for (var i = 0; i < 2; i++)
            await journal.Append(Write("settle", "mark", version: _bench.Time.GetTimestamp() + i)).Durable.InTime();
    }
}
