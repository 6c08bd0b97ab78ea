using System.Text;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using static MorningAI.Tests.Unit.Storage.Journaling.JournalBench;

namespace MorningAI.Tests.Unit.Storage.Journaling;

/// <summary>What a silo that is killed between the store's answer and its journal's commit finds again.</summary>
public sealed class JournalTailTests : IDisposable
{
    private readonly JournalBench _bench = new();

    private string[] Tails => [_bench.File + "-tail1", _bench.File + "-tail2"];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Open_KilledBeforeTheCommit_HasWhatWasSecured()
    {
        var journal = _bench.Open();
        await journal.Append(Write("a", "before")).Durable.InTime();
        var one = Write("a", "one", version: 3, writer: ulong.MaxValue, from: 2, state: TaskState.Running, body: "what it says");
        var task = new RecordWrite { Key = RecordKey.Of(Given.Id()), Version = 1, Base = 0, Writer = 1, Body = [], Index = new IndexEntry(TaskState.Queued, -7) };
        JournalEntry[] secured;
        using (Hold())
        {
            secured = [Secure(journal, one), Secure(journal, task), Secure(journal, Write("b", "gone", version: 2, body: null))];
            journal.Append(Write("a", "not sent"));
            using var killed = _bench.Crash();
            var again = killed.Open();

            Assert.Equal(["before", "one"], again.Read("a", 0, 10).Select(e => e.Write.Key.Id));
            var found = again.Find(one.Key)!.Value;
            Assert.Equal((secured[0].Seq, 3, 2, ulong.MaxValue, false), (found.Seq, found.Write.Version, found.Write.Base, found.Write.Writer, found.Acknowledged));
            Assert.Equal(("what it says", new IndexEntry(TaskState.Running, 42)), (Encoding.UTF8.GetString(found.Write.Body!), found.Write.Index!.Value));
            Assert.Equal(([], -7), (again.Find(task.Key)!.Value.Write.Body!, again.Find(task.Key)!.Value.Write.Index!.Value.Score));
            Assert.Null(again.Find(Key("b", "gone"))!.Value.Write.Body);
            Assert.Equal(secured[2].Seq, again.LastSeqOf("b"));
            Assert.Equal(4, again.Stats().Records);
            Assert.True(again.Append(Write("a", "next")).Seq > secured[2].Seq, "a number was given out again");
        }
    }

    [Fact]
    public async Task Open_KilledBeforeTheCommit_TheNewerTakesTheOlderOnesPlace()
    {
        var journal = _bench.Open();
        await journal.Append(Write("a", "one", version: 1)).Durable.InTime();
        using (Hold())
        {
            var newer = Secure(journal, Write("a", "one", version: 2));
            using var killed = _bench.Crash();
            Assert.Equal(newer.Seq, Assert.Single(killed.Open().Read("a", 0, 10)).Seq);
        }
    }

    [Fact]
    public async Task Open_CommittedAndDroppedSince_DoesNotComeBack()
    {
        var journal = _bench.Open();
        JournalEntry refused;
        using (Hold())
            refused = Secure(journal, Write("a", "refused"));
        await journal.WhenSettled(refused.Seq).InTime();
        journal.Drop(Key("a", "refused"), refused.Seq);
        await journal.Append(Write("a", "other")).Durable.InTime(); // it was dropped with that
        Assert.True(Tails.Any(t => Holds(t, "refused")), "the tail has it no more, and this test tests nothing");

        using var killed = _bench.Crash();
        Assert.Equal("other", Assert.Single(killed.Open().Read("a", 0, 10)).Write.Key.Id);
    }

    [Fact]
    public void Open_TailTornInItsLastRecord_HasThoseBefore()
    {
        var journal = _bench.Open();
        using (Hold())
        {
            Secure(journal, Write("a", "whole"));
            var whole = new FileInfo(Tails[0]).Length;
            Secure(journal, Write("a", "torn"));
            Secure(journal, Write("a", "behind"));
            using var killed = _bench.Crash();
            Change(killed.File + "-tail1", bytes =>
            {
                bytes[whole + 20] ^= 1;
                return bytes;
            });

            Assert.Equal("whole", Assert.Single(killed.Open().Read("a", 0, 10)).Write.Key.Id);
        }
    }

    [Fact]
    public void Open_TailOfAnotherJournal_IsLeftAlone()
    {
        var journal = _bench.Open();
        using var other = new JournalBench();
        other.Open().Dispose();
        using (Hold())
        {
            Secure(journal, Write("a", "theirs"));
            File.Copy(Tails[0], other.File + "-tail1");
            Assert.Empty(other.Open().Read("a", 0, 10));
        }
    }

    /// <summary>Its writer was told that it is nowhere, so it must not run in a later life.</summary>
    [Fact]
    public async Task Open_RefusedByTheDisk_DoesNotComeBack()
    {
        var journal = _bench.Open(new JournalOptions { MaxBytes = 256 * 1024 });
        var large = Write("a", "large", body: new string('x', 1024 * 1024));
        JournalTicket ticket;
        using (Hold())
        {
            ticket = journal.Append(large);
            journal.Secure([new JournalEntry(ticket.Seq, large)]);
        }

        Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => ticket.Durable.InTime())).MayComeBack);
        journal.Secure([new JournalEntry(ticket.Seq, large)]); // a batch that was on its way meanwhile
        using var killed = _bench.Crash();
        Assert.Empty(killed.Open().Read("a", 0, 10));
    }

    [Fact]
    public async Task Secure_MuchAfterMuch_TakesTurnsAndStaysSmall()
    {
        var journal = _bench.Open();
        var body = new string('x', 4000);
        for (var round = 0; round < 100; round++)
        {
            JournalTicket last = default;
            for (var i = 0; i < 64; i++)
            {
                var write = Write("a", $"{round}-{i}", body: body);
                last = journal.Append(write);
                journal.Secure([new JournalEntry(last.Seq, write)]);
            }

            if (round % 8 == 7)
                await last.Durable.InTime();
        }

        Assert.All(Tails, t => Assert.InRange(new FileInfo(t).Length, 1, 6 << 20)); // of 25 MiB
        using var killed = _bench.Crash();
        Assert.Equal(6400, killed.Open().Stats().Records);
    }

    [Fact]
    public void Dispose_LeavesNoTail()
    {
        using (var journal = _bench.Open())
            Secure(journal, Write("a", "one"));

        Assert.All(Tails, t => Assert.False(File.Exists(t)));
        Assert.Equal("one", Assert.Single(_bench.Open().Read("a", 0, 10)).Write.Key.Id);
    }

    private static JournalEntry Secure(SqliteJournal journal, RecordWrite write)
    {
        var entry = new JournalEntry(journal.Append(write).Seq, write);
        journal.Secure([entry]);
        return entry;
    }

    private static bool Holds(string file, string text) => File.Exists(file) && File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    /// <summary>Until it is let go, the journal cannot commit.</summary>
    private JournalDatabase Hold()
    {
        var other = JournalDatabase.OpenToWrite(_bench.File, maxBytes: null);
        other.Execute("BEGIN IMMEDIATE");
        return other;
    }
}
