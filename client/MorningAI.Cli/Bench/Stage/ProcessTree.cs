using System.Diagnostics;
using System.Globalization;

namespace MorningAI.Cli.Bench.Stage;

/// <summary>What a process and its children have used.</summary>
internal static class ProcessTree
{
    /// <summary>A second of <c>/proc/PID/stat</c>: USER_HZ, 100 on all that .NET runs on.</summary>
    private const int TicksPerSecond = 100;

    /// <summary>Processor time so far, of a process and, on Linux, of its children: also of those that have ended, such as the one by which Redis rewrites its file.</summary>
    public static TimeSpan ProcessorTime(int root) => Members(root).Aggregate(TimeSpan.Zero, (sum, id) => sum + OfOne(id, p => p.TotalProcessorTime) + OfEndedChildren(id));

    /// <summary>Bytes in memory, of a process and, on Linux, of its children.</summary>
    public static long ResidentBytes(int root) => Members(root).Sum(id => OfOne(id, p => p.WorkingSet64));

    private static HashSet<int> Members(int root)
    {
        var members = new HashSet<int> { root };
        if (!OperatingSystem.IsLinux())
            return members;
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: Parent(id)))
            .ToLookup(p => p.Parent, p => p.Id);
        var next = new Queue<int>([root]);
        while (next.TryDequeue(out var id))
        {
            foreach (var child in parents[id].Where(members.Add))
                next.Enqueue(child);
        }

        return members;
    }

    private static int Parent(int id) => Stat(id) is { } stat ? int.Parse(stat[1], CultureInfo.InvariantCulture) : 0;

    private static TimeSpan OfEndedChildren(int id) => OperatingSystem.IsLinux() && Stat(id) is { } stat
        ? TimeSpan.FromSeconds((double)(long.Parse(stat[13], CultureInfo.InvariantCulture) + long.Parse(stat[14], CultureInfo.InvariantCulture)) / TicksPerSecond)
        : TimeSpan.Zero;

    /// <returns>The fields from its state on: 1 its parent, 13 and 14 the user and system time of children that were waited for. Null where it is gone.</returns>
    private static string[]? Stat(int id)
    {
        try
        {
            // The name before it is in brackets and may hold spaces.
            var stat = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static T OfOne<T>(int id, Func<Process, T> read)
        where T : struct
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return read(process);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return default; // gone meanwhile
        }
    }
}
