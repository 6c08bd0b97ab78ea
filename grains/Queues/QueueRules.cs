namespace MorningAI.Queues;

/// <summary>What becomes of a queue by an operator's word.</summary>
internal static class QueueRules
{
    /// <summary>A word that is said twice keeps who said it first, and when.</summary>
    public static QueueControl Decide(QueueControl? known, QueueName queue, QueueCommand command, QueueDecision decision)
    {
        decision = decision with { By = Cut(decision.By, QueueControl.MaxBy), Reason = Cut(decision.Reason, QueueControl.MaxReason) };
        var next = (known ?? new QueueControl { Queue = queue, Version = 0 }) with { Version = (known?.Version ?? 0) + 1 };
        return command switch
        {
            QueueCommand.Pause => next with { Paused = known?.Paused ?? decision },
            QueueCommand.Drain => next with { Draining = known?.Draining ?? decision },
            QueueCommand.Resume => next with { Paused = null, Draining = null },
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of this version."),
        };
    }

    private static string? Cut(string? text, int length) => string.IsNullOrWhiteSpace(text) ? null : text.Length > length ? text[..length] : text;
}
