using System.Globalization;
using MorningAI.Cli.Silos;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MorningAI.Cli.Display;

/// <summary>The cluster at a glance: store, workers, queues, tasks.</summary>
internal static class OverviewText
{
    private static readonly Style Heading = new(decoration: Decoration.Bold);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Passing = new(Color.Yellow);
    private static readonly Style Good = new(Color.Green);

    public static IRenderable Render(Overview overview, DateTimeOffset now) => new Rows([
        .. overview.Alerts.Select(alert => new Text(AlertText.Line(alert), Bad)),
        Head(overview, now),
        new Text(""),
        Title($"Workers ({overview.Workers.Count})"),
        overview.Workers.Count > 0 ? Workers(overview.Workers, now) : new Text("none: nothing will run until one joins", Bad),
        new Text(""),
        Title($"Queues ({overview.Queues.Count})"),
        overview.Queues.Count > 0 ? Queues(overview.Queues, now) : new Text("none yet: a queue appears with its first task"),
        new Text(""),
        Title("Tasks"),
        new Text(overview.Tasks is { } tasks ? Counts(tasks) : "not counted"),
    ]);

    /// <summary>One unit, rounded down: 41 s, 3 min, 2 h, 5 d.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => "0 s",
        { TotalMinutes: < 1 } => $"{(int)age.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 1 } => $"{(int)age.TotalHours} h",
        _ => $"{(int)age.TotalDays} d",
    };

    private static Grid Head(Overview overview, DateTimeOffset now)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        var silo = overview.Silo;
        grid.AddRow(Title("Silo"), new Text(Joined(silo.Name, silo.Version, silo.Url, silo.StartedAt is { } started ? $"up {Age(now - started)}" : null)));
        if (overview.Cluster is { } cluster)
        {
            var silos = cluster.Silos is { } members ? $"{members.Count} silos: {string.Join(", ", members.Select(member => Word(member.Name, member.Status)))}" : null;
            grid.AddRow(Title("Cluster"), new Text(Joined(cluster.ClusterId, silos)));
        }

        if (overview.Store is { } store)
            grid.AddRow(Title("Store"), new Text(Joined(store.Kind, store.State, store.Endpoint), StoreStyle(store.State)));
        return grid;
    }

    private static Table Workers(IReadOnlyList<WorkerView> workers, DateTimeOffset now)
    {
        var table = TableOf("worker", "health", "running", "waiting", "finished", "last beat", "kinds", "reason");
        foreach (var worker in workers)
        {
            var abandoned = worker.Abandoned > 0 ? $" +{worker.Abandoned} abandoned" : "";
            table.AddRow(
                Cell(Word(worker.Name, worker.Host)),
                new Text(Plain.Line(worker.Health), worker.Health switch { "healthy" => Good, "draining" => Passing, _ => Bad }),
                Cell($"{worker.Running}/{worker.Concurrency}{abandoned}"),
                Cell(Number(worker.Waiting)),
                Cell(Number(worker.Finished)),
                Cell(worker.LastBeatAt is { } beat ? $"{Age(now - beat)} ago" : ""),
                Cell(string.Join(' ', worker.Kinds)),
                Cell(worker.Reason));
        }

        return table;
    }

    private static Table Queues(IReadOnlyList<QueueView> queues, DateTimeOffset now)
    {
        var table = TableOf("queue", "ready", "assigned", "oldest", "workers", "partitions", "tasks");
        foreach (var queue in queues)
        {
            table.AddRow(
                Cell(queue.Queue),
                Cell(Number(queue.Ready)),
                Cell(Number(queue.Assigned)),
                Cell(queue.OldestReadyAt is { } oldest ? Age(now - oldest) : ""),
                new Text(Number(queue.Workers), queue is { Workers: 0, Ready: > 0 } ? Bad : Style.Plain),
                Cell(Number(queue.Partitions)),
                Cell(queue.States is { } states ? Counts(states.Where(state => state.Value > 0)) : ""));
        }

        return table;
    }

    private static Table TableOf(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        return table;
    }

    private static Text Title(string text) => new(text, Heading);

    private static Text Cell(string? text) => new(Plain.Line(text));

    private static Style StoreStyle(string? state) => state switch
    {
        null or "up" or "healthy" or "connected" or "ok" or "ready" => Style.Plain,
        _ => Passing,
    };

    private static string Counts(IEnumerable<KeyValuePair<string, long>> counts) =>
        string.Join(", ", counts.Select(count => $"{Plain.Line(count.Key)} {Number(count.Value)}"));

    private static string Word(string name, string? more) => string.IsNullOrEmpty(more) ? name : $"{name} ({more})";

    private static string Joined(params string?[] parts) => Plain.Line(string.Join("  ", parts.Where(part => !string.IsNullOrEmpty(part))));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
