using System.Collections.Concurrent;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>
/// Asks the system about each task whose handler has ended, until it says that the task has: what was once seen finished
/// must stay so.
/// </summary>
internal sealed class Observer(TaskReader reader, LedgerTail tail, RunLog log, LoadCounts counts, TimeProvider time)
{
    private const int Readers = 16;
    private static readonly TimeSpan TailEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(200);

    // The newest first: after an outage what is fresh says when the system is back.
    private readonly ConcurrentStack<string> _waiting = new();

    // Those that had not ended when they were asked about: not at once on top again, or a few would hide all others.
    private readonly ConcurrentQueue<(string Task, long AskedAt)> _askAgain = new();
    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _processes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);

    /// <summary>By task that was seen finished: the process whose result the system had, or 0 where it has none.</summary>
    public IReadOnlyDictionary<string, int> Seen => _seen;

    public async Task Run(CancellationToken stop)
    {
        var readers = Enumerable.Range(0, Readers).Select(_ => Ask(stop)).ToArray();
        using var timer = new PeriodicTimer(TailEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                foreach (var ended in tail.NewlyEnded())
                {
                    counts.OnExecuted();
                    _processes[ended.Execution] = ended.Process;
                    if (_asked.TryAdd(ended.Task, true))
                        _waiting.Push(ended.Task);
                }

                while (_askAgain.TryPeek(out var next) && time.GetElapsedTime(next.AskedAt) >= AskAgainAfter && _askAgain.TryDequeue(out next))
                    _waiting.Push(next.Task);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }

        await Task.WhenAll(readers);
    }

    private async Task Ask(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (!_waiting.TryPop(out var task))
                {
                    await Task.Delay(TailEvery, time, stop);
                    continue;
                }

                var ending = await reader.Read(TaskId.Parse(task), stop);
                if (ending.FinishedAt is null)
                {
                    _askAgain.Enqueue((task, time.GetTimestamp()));
                    continue;
                }

                log.Seen(task, ending);
                counts.OnFinished();
                _seen[task] = ending.Execution is { } execution ? _processes.GetValueOrDefault(execution) : 0;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }
}
