namespace MorningAI.Storage;

/// <summary>A task's place in a state's index: by score, then by the text of its id.</summary>
public readonly record struct IndexPlace(Guid Task, long Score);
