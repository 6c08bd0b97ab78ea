using System.Collections.Concurrent;

namespace MorningAI.Storage;

/// <summary>Reads of one tag share a call to the store: those that come while one is under way go together with the next.</summary>
internal sealed class SharedReads(RedisRecords store)
{
    private const int MostInOne = 256;

    private readonly ConcurrentDictionary<string, Lane> _lanes = new();

    /// <inheritdoc cref="RedisRecords.Read(RecordKey)"/>
    public Task<byte[]?> Read(RecordKey key) => _lanes.GetOrAdd(key.Tag, static (_, store) => new Lane(store), store).Read(key);

    private sealed class Lane(RedisRecords store)
    {
        private readonly Queue<Wish> _wishes = new();
        private bool _busy;

        public Task<byte[]?> Read(RecordKey key)
        {
            var wish = new Wish(key);
            lock (_wishes)
            {
                _wishes.Enqueue(wish);
                if (_busy)
                    return wish.Task;
                _busy = true;
            }

            _ = ReadAll();
            return wish.Task;
        }

        private async Task ReadAll()
        {
            while (Next() is { Length: > 0 } wishes)
            {
                try
                {
                    var found = await store.Read(Array.ConvertAll(wishes, w => w.Key)).ConfigureAwait(false);
                    for (var i = 0; i < wishes.Length; i++)
                        wishes[i].SetResult(found[i]);
                }
                catch (Exception e)
                {
                    // Whatever it is, it is the answer to all of them; and those who wait need not wait for as long again.
                    foreach (var wish in (IEnumerable<Wish>)[.. wishes, .. Rest()])
                        wish.TrySetException(e);
                }
            }
        }

        private Wish[] Next()
        {
            lock (_wishes)
            {
                _busy = _wishes.Count > 0;
                var next = new Wish[Math.Min(_wishes.Count, MostInOne)];
                for (var i = 0; i < next.Length; i++)
                    next[i] = _wishes.Dequeue();
                return next;
            }
        }

        private Wish[] Rest()
        {
            lock (_wishes)
            {
                Wish[] rest = [.. _wishes];
                _wishes.Clear();
                return rest;
            }
        }
    }

    private sealed class Wish(RecordKey key) : TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public RecordKey Key { get; } = key;
    }
}
