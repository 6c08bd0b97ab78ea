using System.Text;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using MorningAI.Agents.Knowledge;

namespace MorningAI.Agents.Faq;

/// <summary>What the model is told. The footer is not among it: the agent adds it, so that it is exact.</summary>
internal static class FaqPrompt
{
    private const string System =
        """
        You are a technical writer for MorningAI, a platform that runs AI agents as tasks on Microsoft Orleans (.NET), with Redis as its store.
        You write concise Markdown for the developers and operators who run it: correct commands, real paths and option names, and troubleshooting that helps.
        Take facts about the system from the passages only. Where they do not answer the question, say so plainly; never invent a command, path, option or link.
        Begin with the title as a first-level heading ("# ..."). Do not write a footer, a credit or metadata: they are added.
        """;

    public static ChatHistory For(string question, IReadOnlyList<MarkdownSection> passages)
    {
        var history = new ChatHistory(System);
        history.Add(new FaqQuestion(question, passages));
        return history;
    }

    internal static string Describe(string question, IReadOnlyList<MarkdownSection> passages)
    {
        var text = new StringBuilder();
        text.AppendLine("Write an FAQ document that answers this question:").AppendLine();
        text.AppendLine("<question>").AppendLine(question).AppendLine("</question>").AppendLine();
        text.AppendLine("Give it a title, an explanation, code examples, links to related documentation and troubleshooting tips.").AppendLine();
        if (passages.Count == 0)
            return text.AppendLine("The project's documentation has no passage on this question.").ToString();

        text.AppendLine("Passages from the project's documentation:");
        foreach (var passage in passages)
        {
            text.AppendLine().AppendLine($"<passage file=\"{passage.File}\" heading=\"{passage.Heading}\">");
            text.AppendLine(passage.Text).AppendLine("</passage>");
        }

        return text.ToString();
    }
}

/// <summary>The user's message. A language model reads its text; the built-in writer reads the question and the passages.</summary>
internal sealed class FaqQuestion(string question, IReadOnlyList<MarkdownSection> passages)
    : ChatMessageContent(AuthorRole.User, FaqPrompt.Describe(question, passages))
{
    public string Question { get; } = question;

    public IReadOnlyList<MarkdownSection> Passages { get; } = passages;
}
