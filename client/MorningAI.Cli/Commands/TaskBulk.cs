using System.CommandLine;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands;

/// <summary>
/// A command for one task by its id, or for all that filters leave: <c>task cancel</c>, <c>retry</c> and <c>delete</c>. Of
/// many it prints the ids, a slice at a time; broken off and begun again it does nothing twice.
/// </summary>
internal sealed class TaskBulk
{
    private readonly Terminal _terminal;
    private readonly string _word;
    private readonly string _done;
    private readonly TaskState? _only;
    private readonly Option<TaskState?> _state = new("--state") { HelpName = "STATE", Description = "All in this state: running, queued, scheduled, blocked, dead, failed, cancelled or succeeded.", CustomParser = ArgumentText.As<TaskState?>(text => ArgumentText.State(text)) };
    private readonly Option<bool> _all = new("--all") { Description = "All that the other filters leave; without any, every one there is." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say which, and do nothing." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask whether that is meant." };
    private readonly TaskFilterOptions _filters;

    /// <param name="word">cancel, retry or delete.</param>
    /// <param name="done">What was done, in the past.</param>
    /// <param name="only">The one state that the command is for; null for any.</param>
    public TaskBulk(Command command, Terminal terminal, string word, string done, TaskState? only = null)
    {
        (_terminal, _word, _done, _only) = (terminal, word, done, only);
        Id = new Argument<TaskId?>("ID")
        {
            Description = "One of them; without it, all that the filters leave.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = ArgumentText.As<TaskId?>(text => TaskId.Parse(text)),
        };
        command.Add(Id);
        if (only is null)
            command.Add(_state);
        _filters = new TaskFilterOptions(command, terminal.Time);
        command.Add(_all);
        command.Add(_dryRun);
        command.Add(_yes);
    }

    public Argument<TaskId?> Id { get; }

    /// <summary>The one task that is meant; null for many.</summary>
    /// <exception cref="CliException">Neither is said, or both.</exception>
    public TaskId? One(ParseResult parsed)
    {
        var filter = _filters.Read(parsed, _only ?? parsed.GetValue(_state));
        var many = parsed.GetValue(_all) || filter != new TaskFilter(_only, null, null, null);
        return parsed.GetValue(Id) is { } id && !many ? id
            : parsed.GetValue(Id) is null && many ? null
            : throw new CliException($"Name one task by its ID, or choose some by {(_only is null ? "--state, " : "")}--queue, --kind, --tag or --within, or say --all (--dry-run shows which).", ExitCode.BadInput);
    }

    public async Task<int> Run(SiloApi api, ParseResult parsed, CancellationToken cancellationToken)
    {
        var filter = _filters.Read(parsed, _only ?? parsed.GetValue(_state));
        var dry = parsed.GetValue(_dryRun);
        if (!dry && !parsed.GetValue(_yes) && !await Shared.Confirm(_terminal, $"{char.ToUpperInvariant(_word[0])}{_word[1..]} all of these? (--dry-run shows which.)", cancellationToken))
            return ExitCode.BadInput;
        var (count, failed, after) = (0, 0, (string?)null);
        do
        {
            var slice = (await api.Bulk(
                new BulkBody(_word, filter.State?.WireName(), filter.Queue?.Value, filter.Kind?.Value, filter.Tag, filter.From, parsed.GetValue(_all) ? true : null, dry, after), cancellationToken)).Value;
            foreach (var task in slice.Tasks)
                _terminal.Out.WriteLine(task.ToString());
            count += slice.Tasks.Count;
            failed += slice.Failed;
            after = slice.Next;
            if (after is not null && slice.Tasks.Count > 0)
                _terminal.Say($"{count} so far…");
        }
        while (after is not null);
        _terminal.Say(dry ? $"{count} tasks would be {_done}." : $"{count} tasks {_done}.");
        if (failed == 0)
            return ExitCode.Ok;
        _terminal.Say($"{failed} could not be asked now: do it again.");
        return ExitCode.Unavailable;
    }
}
