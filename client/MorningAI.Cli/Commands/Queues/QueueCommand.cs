using System.CommandLine;
using MorningAI.Cli.Input;
using MorningAI.Queues;

namespace MorningAI.Cli.Commands.Queues;

/// <summary><c>morningai queue</c>: looks after queues.</summary>
internal static class QueueCommand
{
    public static Command Create(Terminal terminal) => new("queue", "Lists queues; pauses, drains, resumes and clears one; says why its tasks wait.")
    {
        QueueListCommand.Create(terminal),
        QueueDecideCommand.Create(terminal, "pause", "Lets nothing of a queue begin until it is resumed. What workers have goes on."),
        QueueDecideCommand.Create(terminal, "drain", "Lets a queue take nothing new until it is resumed. What is there is done."),
        QueueDecideCommand.Create(terminal, "resume", "Lets a paused or drained queue go on."),
        QueueClearCommand.Create(terminal),
        QueueExplainCommand.Create(terminal),
    };

    public static Argument<QueueName> Name() => new("QUEUE")
    {
        Description = "The queue's name: 1 to 64 characters of a-z, 0-9, '_' and '-'.",
        CustomParser = ArgumentText.As(QueueName.Parse),
    };
}
