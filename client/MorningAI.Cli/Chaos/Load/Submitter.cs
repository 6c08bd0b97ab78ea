using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Client;
using MorningAI.Queues;
using MorningAI.Silo.Chaos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>Submits at a steady rate, whatever becomes of what it submitted, and writes down each answer.</summary>
/// <param name="rate">Submits a second.</param>
internal sealed class Submitter(ITaskClient client, SubmittedTasks tasks, RunLog log, LoadCounts counts, double rate, int seed, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>One in this many tasks is long: a dying silo is to have something in its hands.</summary>
    private const int LongTaskEvery = 20;

    private readonly Random _random = new(seed);
    private readonly PartitionId _partition = new(QueueName.Parse(ChaosLedgerRegistration.Queue), 0);
    private readonly List<Task> _submits = [];
    private int _acknowledged;

    /// <summary>Of this one's own.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Returns when it was stopped and every submit has its answer.</summary>
    public async Task Run(CancellationToken stop)
    {
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            for (var sent = 0L; await timer.WaitForNextTickAsync(stop);)
            {
                for (var due = (long)(time.GetElapsedTime(began).TotalSeconds * rate); sent < due; sent++)
                    _submits.Add(Submit());
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough was submitted.
        }

        await Task.WhenAll(_submits);
    }

    private async Task Submit()
    {
        var id = TaskId.New(_partition, time.GetUtcNow());
        var name = id.ToString();
        tasks.All.Enqueue(id);
        counts.OnSubmitted();
        log.Submitted(name);
        try
        {
            var receipt = await client.Submit(ChaosLedgerRegistration.Kind, NextWork(), new SubmitOptions { Id = id });
            tasks.Acknowledged[name] = true;
            Interlocked.Increment(ref _acknowledged);
            log.Acknowledged(name, receipt.Durability == Durability.Journal ? "journal" : "redis");
            counts.OnAcknowledged();
        }
        catch (Exception e) when (e is StoreUnavailableException or TaskRefusedException)
        {
            log.Refused(name);
            counts.OnRefused();
        }
        catch (SubmitUncertainException)
        {
            log.Uncertain(name);
            counts.OnUncertain();
        }
        catch (Exception e)
        {
            log.Uncertain(name);
            counts.OnUncertain();
            counts.OnSurprise(e);
        }
    }

    private LedgerPayload NextWork() => _random.Next(LongTaskEvery) == 0
        ? new LedgerPayload(_random.Next(500, 1500), _random.Next(1, 4))
        : new LedgerPayload(_random.Next(2, 30), 1);
}
