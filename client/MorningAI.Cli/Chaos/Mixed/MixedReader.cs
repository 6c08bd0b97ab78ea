using System.Globalization;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Silo.Chaos;

namespace MorningAI.Cli.Chaos.Mixed;

/// <summary>Reads what the handlers of the mixed load wrote.</summary>
internal static class MixedReader
{
    public static ILookup<string, MixedExecution> Read(string folder) => Directory.EnumerateFiles(folder, MixedLedger.FilePrefix + "*")
        .SelectMany(file => Read(
            int.Parse(Path.GetFileNameWithoutExtension(file).AsSpan(MixedLedger.FilePrefix.Length), CultureInfo.InvariantCulture),
            LedgerReader.WholeLines(File.ReadAllText(file))))
        .ToLookup(e => e.Task);

    public static IEnumerable<MixedExecution> Read(int process, IEnumerable<string> lines)
    {
        var executions = new Dictionary<string, MixedExecution>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var words = line.Split(' ');
            var at = DateTimeOffset.UnixEpoch.AddTicks(long.Parse(words[0], CultureInfo.InvariantCulture) * TimeSpan.TicksPerMicrosecond);
            executions[words[4]] = words[1] switch
            {
                MixedLedger.Started => new MixedExecution(words[2], int.Parse(words[3], CultureInfo.InvariantCulture), words[4], process, at, null, false),
                MixedLedger.Ended => executions[words[4]] with { EndedAt = at },
                MixedLedger.Failed => executions[words[4]] with { EndedAt = at, Failed = true },
                _ => throw new FormatException($"'{line}' is no line of a mixed ledger."),
            };
        }

        return executions.Values;
    }
}
