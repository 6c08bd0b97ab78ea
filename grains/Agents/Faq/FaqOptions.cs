using MorningAI.Queues;

namespace MorningAI.Agents.Faq;

/// <summary>The FAQ agent. Section <c>MorningAI:Faq</c>.</summary>
public sealed class FaqOptions
{
    public const string Section = "MorningAI:Faq";

    /// <summary>The default of <see cref="MaxQuestionBytes"/>, and the most that it may be set to.</summary>
    public const int LongestQuestion = 64 * 1024;

    /// <summary>The longest question that is taken, in bytes of UTF-8. Default: 65,536, which is also the most.</summary>
    public int MaxQuestionBytes { get; set; } = LongestQuestion;

    /// <summary>A folder of Markdown to ground answers in, subfolders included. Default: the bundled runbook.</summary>
    public string? KnowledgeDirectory { get; set; }

    /// <summary>Where FAQ tasks go whose submitter names no queue. Default: <c>faq</c>.</summary>
    public string Queue { get; set; } = "faq";

    /// <summary>The repository of a document whose task names none. Default: <c>RC918/morningai</c>.</summary>
    public string Repository { get; set; } = "RC918/morningai";

    /// <returns>What is wrong and how to mend it; null where nothing is.</returns>
    public string? Check()
    {
        if (MaxQuestionBytes is < 1 or > LongestQuestion)
            return $"{Section}:MaxQuestionBytes is {MaxQuestionBytes}; set it to 1 to {LongestQuestion}.";
        if (!QueueName.TryParse(Queue, out _))
            return $"{Section}:Queue is '{Queue}', which is not a queue name: use 1 to 64 characters of a-z, 0-9, '_' and '-', starting with a letter or digit.";
        return RepositoryName.IsValid(Repository) ? null : $"{Section}:Repository is '{Repository}'; set it to owner/name.";
    }
}
