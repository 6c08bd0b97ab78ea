using System.CommandLine;
using System.Text.Json;
using MorningAI.Cli.Display;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;
using MorningAI.Silo;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai faq</c>: a question in, a Markdown document out.</summary>
internal static class FaqCommand
{
    public static Command Create(Terminal terminal)
    {
        var question = new Argument<string>("QUESTION") { Description = "The question; '-' reads it from standard input." };
        var repo = new Option<string?>("--repo")
        {
            HelpName = "OWNER/NAME",
            Description = "The repository that the question is about.",
            CustomParser = ArgumentText.As(ArgumentText.Repo),
        };
        var output = new Option<string?>("--out") { HelpName = "FILE", Description = "Write the document there, not to standard output." };
        var json = Shared.Json("Print the finished task as one JSON object (with --out: beside the file).");
        var command = new Command("faq", "Answers a question with a Markdown document. Starts a silo for this call where none runs.") { question, repo, output, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = await QuestionText.Read(parsed.GetRequiredValue(question), terminal, cancellationToken);
            using var file = parsed.GetValue(output) is { } path ? OutputFile.Open(path) : null;
            var task = await Answer(terminal, silo, parsed, new Question(text, parsed.GetValue(repo)), cancellationToken);
            return Deliver(task, file, parsed.GetValue(json), terminal);
        });
        return command;
    }

    private static async Task<Answer<TaskView>> Answer(Terminal terminal, SiloChoice choice, ParseResult parsed, Question question, CancellationToken cancellationToken) =>
        await TaskDisplay.During(terminal, "Looking for a silo…", async display =>
        {
            var search = await choice.Search(parsed, cancellationToken);
            if (search.Url is { } url)
                return await Ask(terminal, choice.ApiAt(url), question, display, cancellationToken);

            var data = choice.DataDirectory(parsed);
            display.Step($"No silo runs here: starting one for this call, with its data in {Plain.Line(data)}…");
            await using var embedded = await StartEmbedded(terminal, data, cancellationToken);
            try
            {
                return await Ask(terminal, choice.ApiAt(embedded.Url), question, display, cancellationToken);
            }
            catch (WaitInterruptedException e)
            {
                throw new CliException($"Stopped waiting. Task {e.Task} is kept and goes on when a silo runs on the same data: 'morningai silo --data {Plain.Line(data)}'.", ExitCode.Interrupted, e);
            }
        });

    private static async Task<Answer<TaskView>> Ask(Terminal terminal, SiloApi api, Question question, TaskDisplay display, CancellationToken cancellationToken)
    {
        using (api)
        {
            var receipt = (await api.Ask(question, cancellationToken)).Value;
            display.Notice(TaskWait.Accepted(receipt, api.Url));
            return await TaskWait.ForEnd(api, receipt.TaskId, display, terminal, cancellationToken);
        }
    }

    /// <remarks>On the embedded store whatever REDIS_URL says: a silo of one call has no place in a cluster.</remarks>
    private static async Task<RunningSilo> StartEmbedded(Terminal terminal, string data, CancellationToken cancellationToken)
    {
        var settings = new SiloSettings { HttpPort = 0, SiloPort = 0, GatewayPort = 0, Foreground = false, DataDirectory = data };
        try
        {
            return await terminal.Silos.Start(settings, cancellationToken);
        }
        catch (SiloStartException e)
        {
            throw new CliException(e.Message, ExitCode.Failed, e);
        }
    }

    private static int Deliver(Answer<TaskView> task, OutputFile? file, bool json, Terminal terminal)
    {
        if (json)
            terminal.Out.WriteLine(SiloJson.Line(task.Json));
        var code = TaskWait.Conclude(task.Value, terminal);
        if (code != ExitCode.Ok || (json && file is null))
            return code;

        var markdown = Markdown(task.Value);
        if (file is null)
            terminal.Out.Write(markdown);
        else
            file.Write(markdown);
        return code;
    }

    private static string Markdown(TaskView task)
    {
        if (task.Result is { ValueKind: JsonValueKind.Object } result
            && result.TryGetProperty("markdown", out var markdown)
            && markdown.ValueKind == JsonValueKind.String)
            return markdown.GetString()!.TrimEnd('\n') + '\n';
        throw new CliException($"Task {task.TaskId} succeeded, but its result holds no document ('markdown'): see 'morningai task get {task.TaskId}'.", ExitCode.Failed);
    }
}
