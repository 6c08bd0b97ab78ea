using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;
using Spectre.Console;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai info</c>: store, workers, queues and tasks, once or every second.</summary>
internal static class InfoCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create(Terminal terminal)
    {
        var watch = new Option<bool>("--watch") { Description = "Refresh every second until Ctrl-C, which is a success." };
        var json = Shared.Json("Print one JSON object; with --watch one a line.");
        var command = new Command("info", "Shows the cluster: store, workers, queues, tasks by state.") { watch, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var first = await api.GetOverview(cancellationToken);
            Action<Answer<Overview>> print = parsed.GetValue(json)
                ? overview => terminal.Out.WriteLine(SiloJson.Line(overview.Json))
                : overview => terminal.OutConsole().Write(OverviewText.Render(overview.Value, terminal.Time.GetUtcNow()));
            if (!parsed.GetValue(watch))
                print(first);
            else if (terminal.OutIsInteractive && !parsed.GetValue(json))
                await WatchLive(api, first, terminal, cancellationToken);
            else
                await WatchLines(api, first, print, terminal, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Task WatchLive(SiloApi api, Answer<Overview> first, Terminal terminal, CancellationToken cancellationToken)
    {
        var shown = OverviewText.Render(first.Value, terminal.Time.GetUtcNow());
        return terminal.OutConsole().Live(shown).Overflow(VerticalOverflow.Crop).StartAsync(live => Repeat(
            api,
            overview => live.UpdateTarget(shown = OverviewText.Render(overview.Value, terminal.Time.GetUtcNow())),
            failure => live.UpdateTarget(new Rows(shown, new Text(""), new Text($"{failure} What is shown is the last answer.", new Style(Color.Red)))),
            terminal.Time,
            cancellationToken));
    }

    private static Task WatchLines(SiloApi api, Answer<Overview> first, Action<Answer<Overview>> print, Terminal terminal, CancellationToken cancellationToken)
    {
        print(first);
        return Repeat(api, print, terminal.Say, terminal.Time, cancellationToken);
    }

    /// <summary>A silo that is away for a while is asked on: whoever watches wants to see it come back.</summary>
    private static async Task Repeat(SiloApi api, Action<Answer<Overview>> show, Action<string> lost, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, time, cancellationToken);
                try
                {
                    show(await api.GetOverview(cancellationToken));
                }
                catch (CliException e) when (e is SiloUnreachableException or SiloBusyException)
                {
                    lost(e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
        }
    }
}
