namespace MorningAI.Storage.Journaling;

/// <summary>What the streams need of a journal. Its second implementation is in the tests: a journal in virtual time.</summary>
internal interface IJournal
{
    /// <summary>This journal's own id. A silo with a new, empty journal begins new cursors.</summary>
    Guid Id { get; }

    /// <summary>No number beyond it has been given out, in this life or an earlier one.</summary>
    long LastNumber { get; }

    /// <summary>It can acknowledge for a store that is slow. False where it keeps nothing.</summary>
    bool Vouches { get; }

    /// <summary>Gives the write its sequence number at once; it is on disk when the ticket says so.</summary>
    /// <param name="acknowledged">Somebody is told that it is safe as soon as it is on disk, whatever the store says. False: the store's answer counts.</param>
    JournalTicket Append(RecordWrite write, bool acknowledged = false);

    /// <summary>These the store is asked to take now: whoever is told of its answer is told after this. They outlive the process from here on, in whatever state they are.</summary>
    /// <param name="entries">Of one tag, in order.</param>
    void Secure(IReadOnlyList<JournalEntry> entries)
    {
    }

    /// <summary>The newest records of a tag after a sequence number, in order. What is not on disk yet is not among them.</summary>
    IReadOnlyList<JournalEntry> Read(string tag, long after, int most);

    /// <summary>Of a tag's records before a sequence number those that are not the end of a task, newest first. What is not on disk yet is not among them.</summary>
    IReadOnlyList<JournalEntry> ReadUnfinished(string tag, long before, int most);

    /// <summary>The newest record of a key, also one that the store has confirmed and the disk has refused; null where there is none.</summary>
    JournalEntry? Find(RecordKey key);

    /// <summary>The store has everything of the tag up to here.</summary>
    void Confirm(string tag, long seq);

    long Confirmed(string tag);

    /// <summary>The last sequence number of the tag that is on disk; 0 for none.</summary>
    long LastSeqOf(string tag);

    /// <summary>The disk takes records again: this one the store confirmed meanwhile, and the disk refused. It is to be written anew: a task that fails has it named once more, after a later commit.</summary>
    event Func<RecordWrite, Task>? TakesAgain
    {
        add { }
        remove { }
    }

    /// <summary>Completes when everything up to a sequence number is on disk or has been refused by it.</summary>
    Task WhenSettled(long seq);

    /// <summary>Another writer's record has taken this one's place.</summary>
    void Drop(RecordKey key, long seq);

    /// <summary>Keeps what cannot be read, for people.</summary>
    void Quarantine(RecordKey key, byte[] bytes, string reason);

    /// <summary>Tags that anything is kept of.</summary>
    IReadOnlyList<string> Tags();
}
