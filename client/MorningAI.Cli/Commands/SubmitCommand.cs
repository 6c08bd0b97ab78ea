using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai submit</c>: hands a task in; prints its id, or with <c>--wait</c> its result.</summary>
internal static class SubmitCommand
{
    public static Command Create(Terminal terminal)
    {
        var kind = new Argument<TaskKind>("KIND") { Description = "What the task is to do: the name of a handler.", CustomParser = ArgumentText.As(TaskKind.Parse) };
        var payload = new Option<string?>("--payload") { HelpName = "JSON|@FILE|@-", Description = "The handler's input. Default: {}" };
        var queue = new Option<QueueName?>("--queue") { HelpName = "QUEUE", Description = "Default: the kind's own.", CustomParser = ArgumentText.As<QueueName?>(text => QueueName.Parse(text)) };
        var priority = new Option<TaskPriority?>("--priority") { HelpName = "P0..P3", Description = "P0 goes first. Default: P2", CustomParser = ArgumentText.As<TaskPriority?>(text => ArgumentText.Priority(text)) };
        var key = new Option<string?>("--key") { HelpName = "KEY", Description = "An idempotency key: the same key in the same queue is the same task.", CustomParser = ArgumentText.As(ArgumentText.Key) };
        var timeout = new Option<TimeSpan?>("--timeout") { HelpName = "DURATION", Description = "The limit for one attempt: 30s, 5m, 2h or seconds. Default: the handler's own", CustomParser = ArgumentText.As<TimeSpan?>(text => ArgumentText.Duration(text)) };
        var delay = new Option<TimeSpan?>("--delay") { HelpName = "DURATION", Description = "Not to be begun before so much time has passed.", CustomParser = ArgumentText.As<TimeSpan?>(text => ArgumentText.Duration(text)) };
        var at = new Option<DateTimeOffset?>("--at") { HelpName = "TIME", Description = "Not to be begun before: 2026-12-24T18:00Z, or with an offset.", CustomParser = ArgumentText.As<DateTimeOffset?>(text => ArgumentText.Moment(text)) };
        var deadline = new Option<TimeSpan?>("--deadline") { HelpName = "DURATION", Description = "It fails if it has not succeeded so much time from now. Default: never", CustomParser = ArgumentText.As<TimeSpan?>(text => ArgumentText.Duration(text)) };
        var retries = new Option<int?>("--retries") { HelpName = "N", Description = "How often a failed attempt is made again, 0 to 999. Default: the kind's own, mostly 3", CustomParser = ArgumentText.As<int?>(text => ArgumentText.Retries(text)) };
        var backoff = new Option<(TimeSpan First, TimeSpan Longest)?>("--backoff") { HelpName = "FIRST..LONGEST", Description = "Pauses between attempts grow from one to the other, with full jitter, as in 1s..10m. Default: 10, 30, 60 s", CustomParser = ArgumentText.As<(TimeSpan, TimeSpan)?>(text => ArgumentText.Range(text)) };
        var tags = new Option<string[]?>("--tag") { HelpName = "TAG", Description = "What it is to be found by; may be given up to 8 times.", CustomParser = ArgumentText.Each(ArgumentText.Tag) };
        var order = Key("--order-key", "Tasks of one queue that share it run one at a time, in the order of their submission.");
        var limit = Key("--limit-key", "What the queue's limit for each key counts by.");
        var unique = Key("--unique-key", "While a task of this key is in the queue, that task is the answer.");
        var until = new Option<string?>("--unique-until") { HelpName = "done|started", Description = "How long --unique-key holds. Default: done" };
        until.AcceptOnlyFromAmong("done", "started");
        var wait = new Option<bool>("--wait") { Description = "Follow the task to its end and print its result; the exit code tells." };
        var json = Shared.Json("Print one JSON object: the receipt, or with --wait the finished task.");
        var command = new Command("submit", "Submits a task.") { kind, payload, queue, priority, key, timeout, delay, at, deadline, retries, backoff, tags, order, limit, unique, until, wait, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var submission = new Submission
            {
                Kind = parsed.GetValue(kind),
                Payload = await Payload.Read(parsed.GetValue(payload), terminal, cancellationToken),
                Queue = parsed.GetValue(queue),
                Priority = parsed.GetValue(priority),
                IdempotencyKey = parsed.GetValue(key),
                Timeout = parsed.GetValue(timeout),
                Delay = parsed.GetValue(delay),
                DueAt = parsed.GetValue(at),
                Deadline = parsed.GetValue(deadline),
                Tags = parsed.GetValue(tags) is { Length: > 0 } words ? words : null,
                OrderKey = parsed.GetValue(order),
                LimitKey = parsed.GetValue(limit),
                UniqueKey = parsed.GetValue(unique),
                UniqueUntil = parsed.GetValue(until),
                Retry = Retry(parsed.GetValue(retries), parsed.GetValue(backoff)),
            };
            using var api = await silo.Connect(parsed, cancellationToken);
            return parsed.GetValue(wait)
                ? await SubmitAndWait(api, submission, parsed.GetValue(json), terminal, cancellationToken)
                : await Submit(api, submission, parsed.GetValue(json), terminal, cancellationToken);
        });
        return command;
    }

    private static Option<string?> Key(string name, string description) =>
        new(name) { HelpName = "KEY", Description = description, CustomParser = ArgumentText.As(ArgumentText.Key) };

    private static RetryBody? Retry(int? retries, (TimeSpan First, TimeSpan Longest)? backoff)
    {
        if (retries is null && backoff is null)
            return null;
        var policy = RetryPolicy.Times(retries ?? RetryPolicy.Default.MaxAttempts - 1);
        return backoff is { } grown
            ? new RetryBody(policy.MaxAttempts, null, grown.First.TotalSeconds, grown.Longest.TotalSeconds)
            : new RetryBody(policy.MaxAttempts, [.. policy.Pauses.Select(p => p.TotalSeconds)], null, null);
    }

    private static async Task<int> Submit(SiloApi api, Submission submission, bool json, Terminal terminal, CancellationToken cancellationToken)
    {
        var receipt = await api.Submit(submission, cancellationToken);
        terminal.Say(TaskWait.Accepted(receipt.Value, api.Url));
        terminal.Out.WriteLine(json ? SiloJson.Line(receipt.Json) : receipt.Value.TaskId.ToString());
        return ExitCode.Ok;
    }

    private static async Task<int> SubmitAndWait(SiloApi api, Submission submission, bool json, Terminal terminal, CancellationToken cancellationToken)
    {
        var task = await TaskDisplay.During(terminal, $"Submitting to {api.Url}…", async display =>
        {
            var receipt = (await api.Submit(submission, cancellationToken)).Value;
            display.Notice(TaskWait.Accepted(receipt, api.Url));
            return await TaskWait.ForEnd(api, receipt.TaskId, display, terminal, cancellationToken);
        });
        if (json)
            terminal.Out.WriteLine(SiloJson.Line(task.Json));
        else if (TaskText.HasResult(task.Value, out var result))
            terminal.Out.WriteLine(SiloJson.Indented(result));
        return TaskWait.Conclude(task.Value, terminal);
    }
}
