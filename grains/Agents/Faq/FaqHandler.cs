using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using Microsoft.SemanticKernel.Services;
using MorningAI.Agents.Knowledge;
using MorningAI.Handlers;
using MorningAI.Tasks;

namespace MorningAI.Agents.Faq;

/// <summary>Turns a question into an FAQ document: retrieve, write, fall back where the model fails, format.</summary>
public sealed partial class FaqHandler(
    IChatCompletionService chat,
    EmbeddedWriter embedded,
    KnowledgeBase knowledge,
    IOptions<FaqOptions> options,
    IOptions<FaqModelOptions> modelOptions) : ITaskHandler<FaqPayload, FaqDocument>, IPayloadCheck<FaqPayload>
{
    /// <summary>The code of an attempt that failed because there is nothing to answer from.</summary>
    public const string KnowledgeMissing = "knowledge_missing";

    public static string? Check(FaqPayload payload)
    {
        if (string.IsNullOrWhiteSpace(payload.Question))
            return "'question' is empty; ask something";
        var bytes = Encoding.UTF8.GetByteCount(payload.Question);
        if (bytes > FaqOptions.LongestQuestion)
            return $"'question' has {bytes} bytes; the most is {FaqOptions.LongestQuestion}";
        return payload.Repo is null || RepositoryName.IsValid(payload.Repo) ? null : "'repo' must be owner/name, as in RC918/morningai";
    }

    /// <exception cref="TaskFailedException">No model is configured or it failed, and there is no knowledge to fall back on.</exception>
    public async Task<FaqDocument> Handle(FaqPayload payload, ITaskContext context)
    {
        context.ReportProgress(0.05, "searching the knowledge");
        var passages = Retrieve(payload.Question, context);
        var history = FaqPrompt.For(payload.Question, passages);

        context.ReportProgress(0.1, "writing");
        var draft = await Write(history, context).ConfigureAwait(false);
        var answer = FaqAnswer.Read(draft.Text, payload.Question);

        var degraded = draft.Fallback ?? (draft.IsEmbedded && passages.Count == 0 ? "the runbook has nothing on this question" : null);
        if (degraded is not null)
            context.MarkDegraded(degraded);
        var markdown = FaqDocumentFormat.Compose(new FaqDocumentParts
        {
            Title = answer.Title,
            Body = answer.Body,
            Model = draft.Model,
            Fallback = draft.Fallback,
            Question = payload.Question,
            TraceId = context.TraceId,
            Repository = payload.Repo ?? options.Value.Repository,
        });
        context.ReportProgress(1, "written");
        return new FaqDocument(answer.Title, markdown, draft.Model, degraded is not null, [.. passages.Select(p => new FaqSource(p.File, p.Heading))]);
    }

    private IReadOnlyList<MarkdownSection> Retrieve(string question, ITaskContext context)
    {
        try
        {
            return knowledge.Index.Find(question);
        }
        catch (KnowledgeMissingException e) when (chat is not EmbeddedWriter)
        {
            // A language model can still write, only without grounding.
            LogNoKnowledge(context.Logger, e.Message);
            return [];
        }
        catch (KnowledgeMissingException e)
        {
            throw new TaskFailedException(KnowledgeMissing, e.Message, e);
        }
    }

    private async Task<Draft> Write(ChatHistory history, ITaskContext context)
    {
        var model = chat.GetModelId() ?? modelOptions.Value.Model;
        try
        {
            var text = await new ModelCall(chat, Settings(modelOptions.Value), modelOptions.Value).Ask(history, context).ConfigureAwait(false);
            return new Draft(text, model, chat is EmbeddedWriter, Fallback: null);
        }
        catch (ModelFailure failure) when (chat is not EmbeddedWriter)
        {
            // The type only: an endpoint's message may repeat the key.
            LogFallback(context.Logger, model, failure.Message, failure.InnerException?.GetType().Name);
            context.Log($"{model} could not be used, because {failure.Message}; the built-in writer answers instead.", TaskLogLevel.Warning);
            context.RestartStream();
            var content = await embedded.GetChatMessageContentAsync(history, cancellationToken: context.CancellationToken).ConfigureAwait(false);
            context.Stream(content.Content!);
            return new Draft(new ModelText(content.Content!, WasCut: false), EmbeddedWriter.Name, IsEmbedded: true, $"{model} could not be used, because {failure.Message}");
        }
    }

    private static OpenAIPromptExecutionSettings Settings(FaqModelOptions options) => new()
    {
        Temperature = options.Temperature,
        MaxTokens = options.MaxTokens,
        TopP = options.TopP,
        FrequencyPenalty = options.FrequencyPenalty,
        PresencePenalty = options.PresencePenalty,
    };

    private sealed record Draft(ModelText Text, string Model, bool IsEmbedded, string? Fallback);
}
