using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Storage.Model;

/// <summary>A store in memory, by the rules of ApplyRecords.lua, that can be down, lose an answer, be emptied and be set back.</summary>
internal sealed class ModelStore
{
    private Contents _now = new();
    private Contents _snapshot = new();

    public bool Down { get; set; }

    /// <summary>The next batch is applied, and its answer lost.</summary>
    public bool LoseNextAnswer { get; set; }

    public IEnumerable<RecordKey> Keys => _now.Records.Keys;

    public RecordHeader? Header(RecordKey key) => _now.Records.TryGetValue(key, out var record) ? RecordHeader.Read(record) : null;

    public TaskState? Indexed(RecordKey key) => _now.Index.TryGetValue(key, out var state) ? state : null;

    public void Flush() => _now = new Contents();

    /// <summary>As a purge does.</summary>
    public void Remove(RecordKey key)
    {
        _now.Records.Remove(key);
        _now.Index.Remove(key);
    }

    public void TakeSnapshot() => _snapshot = _now.Copy();

    public void RollBack() => _now = _snapshot.Copy();

    public IStoreBatches For(Guid journal) => new Side(this, journal);

    private BatchAnswer Apply(Guid journal, IReadOnlyList<JournalEntry> entries, long follows)
    {
        var cursor = _now.Cursors.GetValueOrDefault(journal);
        if (cursor != follows)
            return new BatchAnswer(null, cursor);
        var outcomes = entries.Select(Apply).ToArray();
        _now.Cursors[journal] = entries[^1].Seq;
        return new BatchAnswer(outcomes, entries[^1].Seq);
    }

    private WriteOutcome Apply(JournalEntry entry)
    {
        var write = entry.Write;
        var header = new RecordHeader(write.Version, write.Index?.State, write.Writer);
        if (_now.Records.TryGetValue(write.Key, out var bytes))
        {
            var stored = RecordHeader.Read(bytes);
            var undoes = Ends(stored) && !Ends(header);
            if (stored.Writer == write.Writer)
            {
                if (stored.Version >= write.Version)
                    return new WriteOutcome(WriteResult.Repeated, null);
                if (undoes)
                    return new WriteOutcome(WriteResult.Conflict, null);
            }
            else if (write.CreateOnly)
            {
                return new WriteOutcome(WriteResult.Exists, bytes);
            }
            else if (stored.Version > write.Base || undoes)
            {
                if (!entry.Acknowledged || !Ends(header) || Ends(stored))
                    return new WriteOutcome(WriteResult.Conflict, null);
                header = header with { Version = stored.Version + 1 };
            }
        }

        _now.Records[write.Key] = header.Prepend(write.Body);
        _now.Index[write.Key] = write.Index!.Value.State;
        return new WriteOutcome(WriteResult.Stored, null);
    }

    private static bool Ends(RecordHeader header) => header.State?.IsTerminal() == true;

    private sealed class Contents
    {
        public Dictionary<RecordKey, byte[]> Records { get; private init; } = [];

        public Dictionary<RecordKey, TaskState> Index { get; private init; } = [];

        public Dictionary<Guid, long> Cursors { get; private init; } = [];

        public Contents Copy() => new() { Records = new(Records), Index = new(Index), Cursors = new(Cursors) };
    }

    private sealed class Side(ModelStore store, Guid journal) : IStoreBatches
    {
        public Task<BatchAnswer> Apply(string tag, IReadOnlyList<JournalEntry> entries, long follows)
        {
            lock (store)
            {
                ThrowIfDown();
                var answer = store.Apply(journal, entries, follows);
                if (!store.LoseNextAnswer)
                    return Task.FromResult(answer);
                store.LoseNextAnswer = false;
                store.Down = true;
                throw new StoreFaultException(StoreFault.Hanging, "The answer is lost.");
            }
        }

        public Task<long> Cursor(string tag)
        {
            lock (store)
            {
                ThrowIfDown();
                return Task.FromResult(store._now.Cursors.GetValueOrDefault(journal));
            }
        }

        public Task<RecordHeader?[]> Headers(IReadOnlyList<RecordKey> records)
        {
            lock (store)
            {
                ThrowIfDown();
                return Task.FromResult<RecordHeader?[]>([.. records.Select(store.Header)]);
            }
        }

        private void ThrowIfDown()
        {
            if (store.Down)
                throw new StoreFaultException(StoreFault.Unreachable, "It is down.") { MayHaveLanded = false };
        }
    }
}
