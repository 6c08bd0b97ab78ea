using System.Buffers.Binary;

namespace MorningAI.Storage.Journaling;

/// <summary>
/// Where a key's rows are in the file: 16 bytes a row, for the key's hash and the row's number. Two keys may have one hash;
/// whoever reads a row sees whose it is. One thread changes it, any may ask.
/// </summary>
internal sealed class JournalIndex
{
    private const int Shards = 64; // each grows by itself: doubling all at once would hold up the journal

    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64(); // ids come from clients, who must not be able to choose where theirs go

    public ulong HashOf(ReadOnlySpan<byte> key)
    {
        var hash = _seed ^ (ulong)key.Length;
        for (; key.Length >= 8; key = key[8..])
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
        ulong rest = 0;
        foreach (var value in key)
            rest = (rest << 8) | value;
        return Mix(hash ^ rest ^ _seed);
    }

    public void Add(ulong hash, RowId row)
    {
        var shard = ShardOf(hash);
        lock (shard)
            shard.Add(hash, row.Value);
    }

    public void Remove(ulong hash, RowId row)
    {
        var shard = ShardOf(hash);
        lock (shard)
            shard.Remove(hash, row.Value);
    }

    /// <summary>A row whose key cannot be told any more. Looks everywhere.</summary>
    public void Remove(RowId row)
    {
        foreach (var shard in _shards)
        {
            lock (shard)
                shard.RemoveAnywhere(row.Value);
        }
    }

    /// <summary>Adds to the list the rows, of one tag, of keys with this hash; in no order.</summary>
    public void Find(ulong hash, int tag, List<RowId> rows)
    {
        var shard = ShardOf(hash);
        lock (shard)
            shard.Find(hash, tag, rows);
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0x9E3779B97F4A7C15, out var low);
        return high ^ low;
    }

    private Shard ShardOf(ulong hash) => _shards[hash >> 58];

    /// <summary>Open addressing with linear probing; a row's number is never 0.</summary>
    private sealed class Shard
    {
        private (ulong Hash, long Row)[] _slots = new (ulong, long)[16];
        private int _count;

        public void Add(ulong hash, long row)
        {
            if ((_count + 1) * 4 > _slots.Length * 3)
                Grow();
            Put(hash, row);
            _count++;
        }

        public void Remove(ulong hash, long row)
        {
            for (var at = Home(hash); _slots[at].Row != 0; at = Next(at))
            {
                if (_slots[at].Row == row && _slots[at].Hash == hash)
                {
                    Clear(at);
                    return;
                }
            }
        }

        public void RemoveAnywhere(long row)
        {
            for (var at = 0; at < _slots.Length; at++)
            {
                if (_slots[at].Row == row)
                {
                    Clear(at);
                    return;
                }
            }
        }

        public void Find(ulong hash, int tag, List<RowId> rows)
        {
            for (var at = Home(hash); _slots[at].Row != 0; at = Next(at))
            {
                if (_slots[at].Hash == hash && new RowId(_slots[at].Row) is var row && row.Tag == tag)
                    rows.Add(row);
            }
        }

        private int Home(ulong hash) => (int)hash & (_slots.Length - 1);

        private int Next(int at) => (at + 1) & (_slots.Length - 1);

        private void Put(ulong hash, long row)
        {
            var at = Home(hash);
            while (_slots[at].Row != 0)
                at = Next(at);
            _slots[at] = (hash, row);
        }

        /// <summary>What stands behind it moves up, so that no search ends too early.</summary>
        private void Clear(int hole)
        {
            for (var at = Next(hole); _slots[at].Row != 0; at = Next(at))
            {
                var home = Home(_slots[at].Hash);
                var mayMove = hole <= at ? home <= hole || home > at : home <= hole && home > at;
                if (!mayMove)
                    continue;
                _slots[hole] = _slots[at];
                hole = at;
            }

            _slots[hole] = default;
            _count--;
        }

        private void Grow()
        {
            var old = _slots;
            _slots = new (ulong, long)[old.Length * 2];
            foreach (var (hash, row) in old)
            {
                if (row != 0)
                    Put(hash, row);
            }
        }
    }
}
