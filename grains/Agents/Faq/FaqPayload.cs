namespace MorningAI.Agents.Faq;

/// <summary>What an FAQ task is asked.</summary>
/// <param name="Question">Kept to the letter in the document's footer.</param>
/// <param name="Repo">The repository that the document is for, as <c>owner/name</c>; null for <see cref="FaqOptions.Repository"/>.</param>
public sealed record FaqPayload(string Question, string? Repo = null);
