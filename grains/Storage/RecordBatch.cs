namespace MorningAI.Storage;

/// <summary>What a store says to a batch.</summary>
/// <param name="Outcomes">One a record; null where the batch did not follow the cursor and nothing was applied.</param>
/// <param name="Cursor">Where the cursor is now.</param>
internal readonly record struct BatchAnswer(WriteOutcome[]? Outcomes, long Cursor);
