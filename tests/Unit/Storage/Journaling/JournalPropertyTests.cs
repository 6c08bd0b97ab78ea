using CsCheck;
using MorningAI.Storage.Journaling;
using static MorningAI.Tests.Unit.Storage.Journaling.JournalBench;

namespace MorningAI.Tests.Unit.Storage.Journaling;

/// <summary>The journal beside a list of everything that was written, through crashes and orderly ends.</summary>
public sealed class JournalPropertyTests
{
    private static readonly string[] Ids = ["one", "two", "three"];

    private enum Act
    {
        Update,
        UpdateByAnother,
        Create,
        DropLast,
        Confirm,
        Crash,
        Restart,
    }

    [Fact]
    public void Journal_AnyHistory_FindsAndReadsWhatTheRulesSay() =>
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, Ids.Length - 1]).Array[1, 40].Sample(Check, iter: 40, threads: 1);

    private static void Check((Act Act, int Id)[] history)
    {
        var bench = new JournalBench();
        try
        {
            var journal = bench.Open();
            var model = new List<JournalEntry>();
            long confirmed = 0, version = 1, given = 0;
            foreach (var (act, id) in history)
            {
                switch (act)
                {
                    case Act.Update or Act.UpdateByAnother or Act.Create:
                        var writer = act == Act.UpdateByAnother ? 2UL : 1UL;
                        var isNew = act == Act.Create;
                        var write = Write("a", Ids[id], isNew ? 1 : ++version, isNew ? 3 : writer, isNew ? 0 : version - 1);
                        var ticket = journal.Append(write);
                        ticket.Durable.InTime().GetAwaiter().GetResult();
                        Assert.True(ticket.Seq > given, "a number was used again");
                        given = ticket.Seq;
                        model.RemoveAll(e => e.Write.Key == write.Key && e.Write.Writer == write.Writer && e.Write.Version < write.Version);
                        model.Add(new JournalEntry(ticket.Seq, write));
                        break;
                    case Act.DropLast when model.Count > 0 && model[^1].Seq > confirmed:
                        journal.Drop(model[^1].Write.Key, model[^1].Seq);
                        model.RemoveAt(model.Count - 1);
                        // Behind it in the same queue: what comes after it is written after it.
                        journal.Append(Write("b", "behind", ++version)).Durable.InTime().GetAwaiter().GetResult();
                        given = journal.LastSeqOf("b");
                        break;
                    case Act.Confirm:
                        confirmed = given;
                        journal.Confirm("a", confirmed);
                        model.RemoveAll(e => model.Exists(later => later.Write.Key == e.Write.Key && later.Seq > e.Seq && later.Seq <= confirmed));
                        break;
                    case Act.Crash:
                        var after = bench.Crash();
                        bench.Dispose();
                        bench = after;
                        journal = bench.Open();
                        Assert.InRange(journal.Confirmed("a"), 0, confirmed);
                        journal.Confirm("a", confirmed);
                        break;
                    case Act.Restart:
                        journal.Dispose();
                        journal = bench.Open();
                        Assert.Equal(confirmed, journal.Confirmed("a"));
                        break;
                }

                Compare(journal, model, confirmed);
            }
        }
        finally
        {
            bench.Dispose();
        }
    }

    private static void Compare(SqliteJournal journal, List<JournalEntry> model, long confirmed)
    {
        foreach (var id in Ids)
            Assert.Equal(RecordPrecedence.Newest(model.Where(e => e.Write.Key.Id == id), confirmed)?.Seq, journal.Find(Key("a", id))?.Seq);
        var read = journal.Read("a", 0, 1000).Select(e => e.Seq).ToArray();
        Assert.Equal(read.Order(), read);
        Assert.Empty(read.Where(s => s > confirmed).Except(model.Select(e => e.Seq)));
        Assert.Empty(model.Where(e => e.Seq > confirmed).Select(e => e.Seq).Except(read));
    }
}
