using MorningAI.Storage.Journaling;

namespace MorningAI.Storage;

/// <summary>What a <see cref="TagStream"/> needs of the store. All throw <see cref="StoreFaultException"/>.</summary>
internal interface IStoreBatches
{
    /// <summary>Applies a part of this silo's journal to one tag, in one atomic step with the silo's cursor there.</summary>
    /// <param name="follows">Where the cursor must be; 0 for none yet.</param>
    Task<BatchAnswer> Apply(string tag, IReadOnlyList<JournalEntry> entries, long follows);

    /// <returns>The last sequence number of this journal that the tag has; 0 for none.</returns>
    Task<long> Cursor(string tag);

    /// <returns>The header of each record, in their order; null where nothing is stored, the default where it is not a record.</returns>
    Task<RecordHeader?[]> Headers(IReadOnlyList<RecordKey> records);
}
