using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>One record to be written.</summary>
public sealed class RecordWrite
{
    public required RecordKey Key { get; init; }

    /// <summary>The record's version after this write: one more than the last that this writer wrote or loaded.</summary>
    public required long Version { get; init; }

    /// <summary>The version that this writer loaded before its first write; 0 where it found nothing. A later version by another writer is a conflict.</summary>
    public required long Base { get; init; }

    public required ulong Writer { get; init; }

    /// <summary>Null deletes the record and its index entry.</summary>
    public required byte[]? Body { get; init; }

    /// <summary>Null for records that no list shows.</summary>
    public IndexEntry? Index { get; init; }

    /// <summary>A silo that leaves has acknowledged it, and hands it over: as an end it counts, whatever others have done since without knowing of it.</summary>
    public bool IsAcknowledged { get; init; }

    /// <summary>Nothing follows the end of a task.</summary>
    public bool IsLast => Index?.State.IsTerminal() == true;

    /// <summary>Write only where nothing is stored under the key; the answer is then what is.</summary>
    public bool CreateOnly => Version == 1 && Base == 0;

    /// <summary>It moves a task on, which only a silo may do that is not called dead.</summary>
    public bool ChangesTask => Key.Kind == RecordKey.TaskKind && !CreateOnly;
}

/// <summary>What became of a write.</summary>
public enum WriteResult : byte
{
    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>It, or a later one of this writer, was stored before: a repeat.</summary>
    Repeated,

    /// <summary>Create-only, and something is stored already: see <see cref="WriteOutcome.Existing"/>.</summary>
    Exists,

    /// <summary>Another writer has written since this one loaded. Nothing was changed.</summary>
    Conflict,

    /// <summary>What is stored under the key is not a record of this version. It was not touched, and nothing was changed.</summary>
    Foreign,
}

/// <param name="Existing">The record that is stored already, header included; null unless the result is <see cref="WriteResult.Exists"/>.</param>
public readonly record struct WriteOutcome(WriteResult Result, byte[]? Existing)
{
    /// <summary>Who vouches for it.</summary>
    public Durability Durability { get; init; }
}

/// <summary>What became of one write among several.</summary>
/// <param name="Failure">Null where there is an outcome.</param>
public readonly record struct WriteAnswer(WriteOutcome Outcome, StoreUnavailableException? Failure);

/// <summary>A record as it was read.</summary>
public readonly record struct StoredRecord(RecordHeader Header, ReadOnlyMemory<byte> Body)
{
    /// <summary>The store, which could not be asked, or a silo that is called dead may have a newer one.</summary>
    public bool MayBeOld { get; init; }

    /// <exception cref="InvalidDataException">These are not the bytes of a record.</exception>
    public static StoredRecord Parse(byte[] bytes) => new(RecordHeader.Read(bytes), bytes.AsMemory(RecordHeader.Length));
}
