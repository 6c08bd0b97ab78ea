using System.CommandLine;
using System.Runtime.CompilerServices;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands;

/// <summary>The options that choose tasks, of every command that takes many.</summary>
internal sealed class TaskFilterOptions
{
    private const int Page = 500;

    private readonly TimeProvider _time;
    private readonly Option<QueueName?> _queue = new("--queue") { HelpName = "QUEUE", Description = "Only of this queue.", CustomParser = ArgumentText.As<QueueName?>(text => QueueName.Parse(text)) };
    private readonly Option<TaskKind?> _kind = new("--kind") { HelpName = "KIND", Description = "Only of this kind.", CustomParser = ArgumentText.As<TaskKind?>(text => TaskKind.Parse(text)) };
    private readonly Option<string?> _tag = new("--tag") { HelpName = "TAG", Description = "Only those with this tag.", CustomParser = ArgumentText.As(ArgumentText.Tag) };
    private readonly Option<TimeSpan?> _within = new("--within") { HelpName = "DURATION", Description = "Only those made within so much time until now.", CustomParser = ArgumentText.As<TimeSpan?>(text => ArgumentText.Duration(text)) };

    public TaskFilterOptions(Command command, TimeProvider time)
    {
        _time = time;
        command.Add(_queue);
        command.Add(_kind);
        command.Add(_tag);
        command.Add(_within);
    }

    public TaskFilter Read(ParseResult parsed, TaskState? state) =>
        new(state, parsed.GetValue(_queue), parsed.GetValue(_kind), parsed.GetValue(_within) is { } within ? _time.GetUtcNow() - within : null, parsed.GetValue(_tag));

    /// <summary>All of them, page by page.</summary>
    public static async IAsyncEnumerable<TaskLine> All(SiloApi api, TaskFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = (await api.List(filter, after, Page, cancellationToken)).Value;
            foreach (var task in page.Tasks)
                yield return task;
            after = page.Next;
        }
        while (after is not null);
    }
}
