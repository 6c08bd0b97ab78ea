using System.Text.Json;
using MorningAI.Client;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>Why tasks wait that should have ended, in the system's own words while its silos still run: a line of JSON each, beside the ledger.</summary>
internal sealed class Explanations(IQueueClient queues, string file)
{
    public const string FileName = "waiting.jsonl";

    /// <summary>More have the same reason.</summary>
    private const int Most = 100;

    private readonly Lock _lock = new();
    private int _count;

    public async Task Note(TaskId id, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _count) > Most)
            return;
        string line;
        try
        {
            line = JsonSerializer.Serialize(await queues.Explain(id, cancellationToken), TaskJson.Options);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            line = JsonSerializer.Serialize(new { task = id.ToString(), unexplained = e.Message });
        }

        lock (_lock)
            File.AppendAllText(file, line + "\n");
    }
}
