using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using MorningAI.Handlers;
using MorningAI.Tasks;

namespace MorningAI.Agents.Faq;

/// <summary>Asks a chat service for one text: streamed, within a time, repeated a bounded number of times.</summary>
internal sealed partial class ModelCall(IChatCompletionService chat, PromptExecutionSettings settings, FaqModelOptions options)
{
    /// <summary>Where the connector puts why a stream ended.</summary>
    public const string FinishReason = "FinishReason";

    /// <summary>Far above any answer of the allowed tokens: it bounds what a broken endpoint can make us hold.</summary>
    private const int LongestAnswer = 1 << 18;

    private const double ProgressAtStart = 0.1;
    private const double ProgressAtEnd = 0.95;

    /// <exception cref="ModelFailure">It gave no usable text in its time.</exception>
    /// <exception cref="OperationCanceledException">The attempt was cancelled: that is no failure of the model.</exception>
    public async Task<ModelText> Ask(ChatHistory history, ITaskContext context)
    {
        using var limit = new CancellationTokenSource(options.Timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.CancellationToken);
        var start = context.Time.GetTimestamp();
        for (var request = 1; ; request++)
        {
            try
            {
                return await Stream(history, context, either.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                if (limit.IsCancellationRequested)
                    throw new ModelFailure(string.Create(CultureInfo.InvariantCulture, $"no complete answer came within {options.Timeout.TotalSeconds:0.###} s"), e);

                var failure = ModelFailure.Of(e, context.Time.GetUtcNow());
                var wait = failure.RetryAfter ?? options.RetryDelay * Math.Pow(2, request - 1);
                if (!failure.IsPassing || request == options.MaxRequests || context.Time.GetElapsedTime(start) + wait >= options.Timeout)
                    throw failure;
                LogRepeat(context.Logger, failure.Message, request, options.MaxRequests, wait);
                context.ReportProgress(ProgressAtStart, $"{failure.Message}; asking again");
                context.Log($"The model gave no document, because {failure.Message}; asking again.", TaskLogLevel.Warning);
                context.RestartStream();
                await Task.Delay(wait, context.Time, context.CancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<ModelText> Stream(ChatHistory history, ITaskContext context, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        string? finish = null;
        await foreach (var piece in chat.GetStreamingChatMessageContentsAsync(history, settings, kernel: null, cancellationToken).ConfigureAwait(false))
        {
            finish = piece.Metadata?.GetValueOrDefault(FinishReason)?.ToString() ?? finish;
            if (string.IsNullOrEmpty(piece.Content))
                continue;
            text.Append(piece.Content);
            if (text.Length > LongestAnswer)
                throw new ModelFailure("its answer did not end");
            context.Stream(piece.Content);
            context.ReportProgress(Progress(text.Length), string.Create(CultureInfo.InvariantCulture, $"writing: {text.Length} characters"));
        }

        if (finish == "ContentFilter")
            throw new ModelFailure("its content filter withheld the answer");
        if (string.IsNullOrWhiteSpace(text.ToString()))
            throw new ModelFailure("its answer was empty");
        return finish switch
        {
            null => throw new ModelFailure("its answer broke off"),
            _ => new ModelText(text.ToString(), WasCut: finish == "Length"),
        };
    }

    /// <summary>Nobody knows the length beforehand: four characters a token of the allowed ones is the guess.</summary>
    private double Progress(int characters) =>
        ProgressAtStart + (ProgressAtEnd - ProgressAtStart) * Math.Min(1, characters / (4d * options.MaxTokens));

    [LoggerMessage(LogLevel.Warning, "The model gave no document ({Reason}); request {Request} of {MaxRequests}. Asking again in {Wait}.")]
    private static partial void LogRepeat(ILogger logger, string reason, int request, int maxRequests, TimeSpan wait);
}

/// <param name="WasCut">Whether it ends at the limit of tokens rather than where its writer would have ended it.</param>
internal sealed record ModelText(string Text, bool WasCut);
