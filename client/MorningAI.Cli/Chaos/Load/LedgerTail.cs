using System.Text;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Silo.Chaos;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>Follows the handlers' files while they grow.</summary>
internal sealed class LedgerTail(string folder)
{
    private readonly Dictionary<string, long> _read = new(StringComparer.Ordinal);

    /// <summary>The executions that ended since the last call.</summary>
    public IReadOnlyList<EndedExecution> NewlyEnded()
    {
        var ended = new List<EndedExecution>();
        foreach (var path in Directory.EnumerateFiles(folder, ExecutionLedger.FilePrefix + "*"))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Position = _read.GetValueOrDefault(path);
            var fresh = new byte[file.Length - file.Position];
            file.ReadExactly(fresh);
            var whole = fresh.AsSpan().LastIndexOf((byte)'\n') + 1;
            _read[path] = file.Position - fresh.Length + whole;
            foreach (var line in LedgerReader.WholeLines(Encoding.UTF8.GetString(fresh, 0, whole)))
            {
                if (line.Split(' ') is [_, ExecutionLedger.Ended, var task, _, var execution])
                    ended.Add(new EndedExecution(task, execution, LedgerReader.ProcessOf(path)));
            }
        }

        return ended;
    }
}

internal sealed record EndedExecution(string Task, string Execution, int Process);
