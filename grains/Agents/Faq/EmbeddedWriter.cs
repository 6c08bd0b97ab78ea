using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Services;
using MorningAI.Agents.Knowledge;

namespace MorningAI.Agents.Faq;

/// <summary>
/// Writes the answer from the runbook's own words: no key, no network, no language model. It stands behind the same
/// interface as the models do, so choosing it, or falling back on it, is choosing another service.
/// </summary>
public sealed class EmbeddedWriter(KnowledgeBase knowledge) : IChatCompletionService
{
    public const string Name = "the built-in writer (BM25 over the project's runbook, no language model)";

    public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?> { [AIServiceExtensions.ModelIdKey] = Name };

    public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<ChatMessageContent>>([new(AuthorRole.Assistant, Answer(chatHistory))]);
    }

    public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory,
        PromptExecutionSettings? executionSettings = null,
        Kernel? kernel = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = await GetChatMessageContentsAsync(chatHistory, executionSettings, kernel, cancellationToken).ConfigureAwait(false);
        // As models do it, in pieces: a paragraph each.
        var text = answer[0].Content!;
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf("\n\n", start, StringComparison.Ordinal);
            end = end < 0 ? text.Length : end + 2;
            yield return new(AuthorRole.Assistant, text[start..end]);
            start = end;
        }

        yield return new(AuthorRole.Assistant, content: null, metadata: new Dictionary<string, object?> { [ModelCall.FinishReason] = "Stop" });
    }

    private string Answer(ChatHistory history)
    {
        var asked = history.OfType<FaqQuestion>().LastOrDefault()
            ?? throw new ArgumentException("The built-in writer answers FAQ questions only: the history must hold one made by FaqPrompt.", nameof(history));
        return asked.Passages.Count == 0 ? NothingFound(asked.Question) : Compose(asked.Passages);
    }

    private string Compose(IReadOnlyList<MarkdownSection> passages)
    {
        var first = passages[0];
        var document = knowledge.Index.Document(first.File).ToArray();
        var beside = document.Where(s => !passages.Contains(s)).ToArray();
        var text = new StringBuilder();
        var whole = passages.Any(p => p.IsIntroduction);
        text.Append("# ").Append(whole ? first.DocumentTitle : $"{first.DocumentTitle}: {first.Heading}").Append("\n\n");
        foreach (var passage in passages)
        {
            if (!passage.IsIntroduction && (whole || passage != first))
                text.Append("## ").Append(passage.Heading).Append("\n\n");
            else if (passage.IsIntroduction && passage.File != first.File)
                text.Append("## ").Append(passage.DocumentTitle).Append("\n\n");
            text.Append(passage.Text).Append("\n\n");
        }

        foreach (var extra in beside.Where(s => s.IsTroubleshooting).Concat(beside.Where(s => s.IsLinks)))
            text.Append("## ").Append(extra.Heading).Append("\n\n").Append(extra.Text).Append("\n\n");

        text.Append("## Sources\n\n");
        foreach (var passage in passages)
            text.Append("- `").Append(passage.File).Append("`: ").Append(passage.Heading).Append('\n');
        return text.ToString();
    }

    private static string NothingFound(string question) =>
        $"""
        # {FaqAnswer.TitleFrom(question)}

        The runbook has nothing on this question, and the built-in writer invents nothing, so there is no answer here.

        What may help:

        - Ask again with the words that the runbook uses: task, queue, worker, heartbeat, silo, Redis, journal, retry, health.
        - Add a Markdown file on the subject to the knowledge folder (`MorningAI:Faq:KnowledgeDirectory`) and restart the silo.
        - Configure a language model (`MORNINGAI_MODEL_ENDPOINT`, `MORNINGAI_MODEL_API_KEY`), which can write beyond the runbook.
        """;
}
