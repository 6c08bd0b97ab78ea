using CsCheck;
using MorningAI.Storage.Journaling;

namespace MorningAI.Tests.Unit.Storage.Journaling;

public sealed class JournalIndexTests
{
    [Fact]
    public void Index_AnyHistory_FindsWhatAListDoes() =>
        // Few hashes, so that many share a place and a run of slots.
        Gen.Select(Gen.Bool, Gen.ULong[0, 40], Gen.Int[1, 2], Gen.Long[1, 30]).Array[0, 400].Sample(Check, iter: 300);

    [Fact]
    public void Remove_ByRowAlone_IsGone()
    {
        var index = new JournalIndex();
        index.Add(7, new RowId(1, 5));
        index.Add(7, new RowId(1, 6));
        index.Remove(new RowId(1, 5));

        Assert.Equal([new RowId(1, 6)], Find(index, 7, 1));
    }

    [Fact]
    public void HashOf_KeysThatDifferInOneByte_Differ()
    {
        var index = new JournalIndex();
        var hashes = new HashSet<ulong>();
        var key = new byte[17];
        for (var at = 0; at < key.Length; at++)
        {
            for (var value = 0; value < 256; value++)
            {
                key[at] = (byte)value;
                hashes.Add(index.HashOf(key));
            }

            key[at] = 0;
        }

        Assert.Equal((17 * 255) + 1, hashes.Count);
    }

    private static void Check((bool Add, ulong Hash, int Tag, long Seq)[] history)
    {
        var index = new JournalIndex();
        var model = new HashSet<(ulong Hash, RowId Row)>();
        foreach (var (add, hash, tag, seq) in history)
        {
            var row = new RowId(tag, seq);
            if (add && model.Add((hash, row)))
                index.Add(hash, row);
            else if (!add && model.Remove((hash, row)))
                index.Remove(hash, row);
        }

        for (ulong hash = 0; hash <= 40; hash++)
        {
            for (var tag = 1; tag <= 2; tag++)
                Assert.Equal(model.Where(m => m.Hash == hash && m.Row.Tag == tag).Select(m => m.Row.Seq).Order(), Find(index, hash, tag).Select(r => r.Seq).Order());
        }
    }

    private static List<RowId> Find(JournalIndex index, ulong hash, int tag)
    {
        var rows = new List<RowId>();
        index.Find(hash, tag, rows);
        return rows;
    }
}
