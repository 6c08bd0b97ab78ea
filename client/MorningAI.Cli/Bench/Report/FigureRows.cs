using System.Globalization;
using MorningAI.Cli.Bench.Measures;

namespace MorningAI.Cli.Bench.Report;

/// <summary>The figures as people read them: in this order, by these names.</summary>
internal static class FigureRows
{
    public static IReadOnlyList<(string Figure, string Says)> All { get; } =
    [
        (Figure.Submit, "submit one by one, 256 in flight (tasks/s)"),
        (Figure.SubmitBulk, "submit in bulk (tasks/s)"),
        (Figure.Drain, "drain a backlog (tasks/s)"),
        (Figure.IdleP50, "idle, submit to start, p50 (ms)"),
        (Figure.IdleP99, "idle, submit to start, p99 (ms)"),
        (Figure.SteadyRate, "steady state at half load (tasks/s)"),
        .. Percentiles(Figure.SteadyStart, "steady, submit to start"),
        .. Percentiles(Figure.SteadyDone, "steady, submit to done as the submitter sees it"),
        (Figure.CpuWorker, "processor, worker or silo (µs a task)"),
        (Figure.CpuClient, "processor, client (µs a task)"),
        (Figure.CpuRedis, "processor, Redis (µs a task)"),
        (Figure.RedisCommands, "Redis commands a task, those in scripts included"),
        (Figure.RedisReads, "Redis socket reads a task"),
        (Figure.RedisBytes, "Redis bytes a task, in and out"),
        (Figure.WorkerBytesWaiting, "silo memory a waiting task (bytes)"),
        (Figure.RedisBytesWaiting, "Redis memory a waiting task (bytes)"),
        (Figure.StartSeconds, "process start to ready (s)"),
        (Figure.RedisUp, "submit in bulk and run, Redis up (tasks/s)"),
        (Figure.RedisDown, "the same with Redis down (tasks/s)"),
        (Figure.BacklogSmall, "drain of 10 thousand (tasks/s)"),
        (Figure.BacklogMillion, "drain of 1 million (tasks/s)"),
        (Figure.Slowed(Figure.Submit), "1 ms to Redis: submit one by one (tasks/s)"),
        (Figure.Slowed(Figure.SubmitBulk), "1 ms to Redis: submit in bulk (tasks/s)"),
        (Figure.Slowed(Figure.Drain), "1 ms to Redis: drain (tasks/s)"),
        (Figure.Slowed(Figure.IdleP50), "1 ms to Redis: idle p50 (ms)"),
        (Figure.Slowed(Figure.IdleP99), "1 ms to Redis: idle p99 (ms)"),
    ];

    /// <returns>A row a figure that any system has: its name, then a cell a system.</returns>
    public static IEnumerable<(string Says, IReadOnlyList<string> Cells)> Of(BenchReport report) =>
        from row in All
        where report.Systems.Values.Any(s => s.Medians.ContainsKey(row.Figure))
        select (row.Says, (IReadOnlyList<string>)[.. report.Systems.Values.Select(s => Cell(s, row.Figure))]);

    public static string Number(double? value) => value switch
    {
        null => "–",
        { } v when Math.Abs(v) >= 1000 => v.ToString("#,0", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.###", CultureInfo.InvariantCulture),
    };

    public static string Verdict(RatioReport ratio) => ratio.Met switch
    {
        true => "met",
        false => "MISSED",
        null => "not measured",
    };

    public static string BarOf(RatioReport ratio) => $"{(ratio.Is == "atLeast" ? "≥" : "≤")} {Number(ratio.Bar)}";

    private static string Cell(SystemReport system, string figure)
    {
        if (!system.Medians.TryGetValue(figure, out var median))
            return "–";
        var spread = system.Spread[figure];
        return spread.Min == spread.Max ? Number(median) : $"{Number(median)} ({Number(spread.Min)} – {Number(spread.Max)})";
    }

    private static IEnumerable<(string, string)> Percentiles(string figure, string says) =>
        Figure.Percentiles.Select(p => (figure + p.Suffix, string.Create(CultureInfo.InvariantCulture, $"{says}, p{p.Fraction * 100:0.#} (ms)")));
}
