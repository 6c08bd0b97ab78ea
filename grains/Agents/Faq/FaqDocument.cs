namespace MorningAI.Agents.Faq;

/// <summary>The result of an FAQ task.</summary>
/// <param name="Markdown">The whole document, its title and footer included.</param>
/// <param name="Model">What wrote it.</param>
/// <param name="Degraded">Whether it is second best: a fallback wrote it, or nothing was found. Such a document is never merged unseen.</param>
/// <param name="Sources">The sections that it was grounded in, the best document's first.</param>
public sealed record FaqDocument(string Title, string Markdown, string Model, bool Degraded, IReadOnlyList<FaqSource> Sources);

/// <param name="File">Within the knowledge folder.</param>
public sealed record FaqSource(string File, string Heading);
