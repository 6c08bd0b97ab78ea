using System.Collections.Concurrent;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Client;
using MorningAI.Queues;
using MorningAI.Silo.Chaos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>Submits at a steady rate, whatever becomes of what it submitted, and writes down each answer.</summary>
internal sealed class Submitter(ITaskClient client, RunLog log, LoadCounts counts, ChaosSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>One in this many tasks is long: a dying silo is to have something in its hands.</summary>
    private const int LongTaskEvery = 20;

    private readonly Random _random = new(settings.Seed);
    private readonly PartitionId _partition = new(QueueName.Parse(ChaosLedgerRegistration.Queue), 0);
    private readonly List<Task> _submits = [];

    /// <summary>By id: the tasks that the system has promised to finish.</summary>
    public ConcurrentDictionary<string, bool> Acknowledged { get; } = new(StringComparer.Ordinal);

    /// <summary>All ids submitted so far, in any answer.</summary>
    public ConcurrentQueue<TaskId> All { get; } = new();

    /// <summary>Returns when it was stopped and every submit has its answer.</summary>
    public async Task Run(CancellationToken stop)
    {
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            for (var sent = 0L; await timer.WaitForNextTickAsync(stop);)
            {
                for (var due = (long)(time.GetElapsedTime(began).TotalSeconds * settings.Rate); sent < due; sent++)
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
        All.Enqueue(id);
        counts.OnSubmitted();
        log.Submitted(name);
        try
        {
            var receipt = await client.Submit(ChaosLedgerRegistration.Kind, NextWork(), new SubmitOptions { Id = id });
            Acknowledged[name] = true;
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
