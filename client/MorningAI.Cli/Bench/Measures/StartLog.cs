using System.Globalization;
using System.Text;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Bench.Measures;

/// <summary>The file in which workers tell when sampled tasks started; each line is read once.</summary>
internal sealed class StartLog(string path, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private long _read;

    /// <summary>Waits for so many starts.</summary>
    /// <returns>Microseconds from submit to start.</returns>
    /// <exception cref="StageException">They were not told in time.</exception>
    public async Task<IReadOnlyList<double>> Take(int count, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var starts = new List<double>(count);
        while (true)
        {
            starts.AddRange(Fresh());
            if (starts.Count >= count)
                return starts;
            if (time.GetElapsedTime(began) > Limit)
                throw new StageException($"Of {count} tasks only {starts.Count} started within {Limit.TotalSeconds} s.");
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    internal static IEnumerable<double> Parse(string lines) => lines
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' '))
        .Select(words => (Number(words[1]) - Number(words[0])) / 1000.0);

    private double[] Fresh()
    {
        if (!File.Exists(path))
            return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = _read;
        var fresh = new byte[file.Length - _read];
        file.ReadExactly(fresh);
        var whole = fresh.AsSpan().LastIndexOf((byte)'\n') + 1;
        _read += whole;
        return [.. Parse(Encoding.ASCII.GetString(fresh, 0, whole))];
    }

    private static long Number(string word) => long.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);
}
