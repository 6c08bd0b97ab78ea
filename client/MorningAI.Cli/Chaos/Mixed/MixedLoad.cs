using System.Collections.Concurrent;
using System.Globalization;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Load;
using MorningAI.Cli.Chaos.Stage;
using MorningAI.Client;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Silo.Chaos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Mixed;

/// <summary>
/// Beside the plain load: tasks that wait, fail, are cancelled, share keys or come of schedules. What it was told it keeps in
/// its own memory, and what was done the handlers write to files outside the system.
/// </summary>
internal sealed class MixedLoad : IAsyncDisposable
{
    /// <summary>Of the plain load's rate.</summary>
    private const double Share = 0.2;

    /// <summary>Tasks of one limit key at a time; the run's silos are set to it.</summary>
    public const int LimitOfAKey = 2;

    private const int Keys = 4, Schedules = 3, Readers = 32, SchedulePeriod = 5;
    private const int LongestWait = 4000;

    private static readonly QueueName Queue = QueueName.Parse(MixedHandler.Kind);
    private static readonly PartitionId Partition = new(Queue, 0);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<MixedTask> _tasks = new();
    private readonly List<(ScheduleName Name, DateTimeOffset First)> _schedules = [];
    private readonly bool[] _orderBusy = new bool[Keys];
    private readonly LoadClient _client;
    private readonly LoadCounts _counts;
    private readonly Explanations _explanations;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly double _rate;
    private Task _running = Task.CompletedTask;
    private int _keyed;

    private MixedLoad(LoadClient client, LoadCounts counts, Explanations explanations, ChaosSettings settings, TimeProvider time)
    {
        (_client, _counts, _explanations, _time) = (client, counts, explanations, time);
        _random = new Random(settings.Seed);
        _rate = settings.Rate * Share;
    }

    public static async Task<MixedLoad> Begin(ChaosStage stage, LoadCounts counts, ChaosSettings settings, CancellationToken cancellationToken)
    {
        var client = await LoadClient.Connect(stage.Silos.Select(s => s.Gateway), cancellationToken);
        var load = new MixedLoad(client, counts, new Explanations(client.Queues, stage.Folder.At(Explanations.FileName)), settings, stage.Time);
        for (var i = 0; i < Schedules; i++)
        {
            var name = ScheduleName.Parse(string.Create(CultureInfo.InvariantCulture, $"mixed-{i}"));
            var made = await load._client.Schedules.Put(name, $"*/{SchedulePeriod} * * * * *", MixedHandler.Kind, new MixedPayload(5), new ScheduleOptions { Queue = Queue, Misfire = MisfirePolicy.All }, cancellationToken);
            load._schedules.Add((name, made.NextDue!.Value));
        }

        load._running = load.Run();
        return load;
    }

    /// <summary>Returns when every submit has its answer, and no schedule comes due any more.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
        foreach (var (name, first) in _schedules)
        {
            var paused = await Patiently(() => _client.Schedules.Pause(name, "the run's end", cancellationToken), cancellationToken);
            for (var due = first; due <= paused?.LastDue; due = due.AddSeconds(SchedulePeriod))
                _tasks.Enqueue(new MixedTask(MixedSort.Scheduled, FiringOf(name, due), due) { NotBefore = due, Acknowledged = true });
        }
    }

    /// <summary>Asks for every task until it has ended, within a limit.</summary>
    public async Task ReadFinals(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        await Parallel.ForEachAsync(_tasks, new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellationToken }, async (task, cancel) =>
        {
            do
            {
                if (await Read(task, cancel))
                    return;
                await Task.Delay(Poll, _time, cancel);
            }
            while (_time.GetElapsedTime(began) < EndLimit);
            await _explanations.Note(task.Id, cancel);
        });
    }

    public MixedFindings Judge(RunLedger ledger, string folder, string fault, bool runsOnce)
    {
        var stoodStill = ledger.Cuts.Count > 0 || fault is "silo-pause" or "everything";
        var faults = ledger.Faults.Count > 0 || !ledger.Phases.TryGetValue(ChaosPhase.Fault, out var from)
            ? ledger.Faults
            : [(from, ledger.Phases.TryGetValue(ChaosPhase.Recovery, out var healed) ? healed : null)];
        var dead = ledger.SiloOf.Keys.ToDictionary(process => process, process => MembershipJudge.CalledDead(ledger, process));
        // What a silo did that the others had called dead by then has no say.
        var executions = MixedReader.Read(folder).SelectMany(e => e)
            .Where(e => !(e.StartedAt >= dead.GetValueOrDefault(e.Process)))
            .Select(e => e.EndedAt >= dead.GetValueOrDefault(e.Process) || IsUnsaid(ledger, e) ? e with { EndedAt = null } : e)
            .ToLookup(e => e.Task);
        return MixedJudge.Judge([.. _tasks], executions, stoodStill ? null : LimitOfAKey, runsOnce, at => !faults.Any(f => at > f.From.AddSeconds(-5) && !(at > f.Until?.AddSeconds(15))));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Its silo died or stood still before that end was stored: another execution is to follow.</summary>
    private static bool IsUnsaid(RunLedger ledger, MixedExecution execution) =>
        ledger.Deaths.Exists(d => d.Process == execution.Process && execution.EndedAt > d.At.AddSeconds(-1));

    private static TaskId FiringOf(ScheduleName schedule, DateTimeOffset due) =>
        TaskId.ForKey(Queue, 1, string.Create(CultureInfo.InvariantCulture, $"schedule\n{schedule}\n{due.UtcDateTime:O}"));

    private async Task Run()
    {
        var began = _time.GetTimestamp();
        var pending = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), _time);
        try
        {
            for (var sent = 0L; await timer.WaitForNextTickAsync(_stop.Token);)
            {
                for (var due = (long)(_time.GetElapsedTime(began).TotalSeconds * _rate); sent < due; sent++)
                    pending.Add(Send());
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was submitted.
        }

        await Task.WhenAll(pending);
    }

    private async Task Send()
    {
        var id = TaskId.New(Partition, _time.GetUtcNow());
        var work = _random.Next(2, 30);
        var key = _random.Next(Keys);
        switch ((MixedSort)_random.Next((int)MixedSort.Scheduled))
        {
            case MixedSort.Delayed:
                var delay = TimeSpan.FromMilliseconds(_random.Next(200, LongestWait));
                await Submit(new MixedTask(MixedSort.Delayed, id, _time.GetUtcNow()) { NotBefore = _time.GetUtcNow() + delay }, new MixedPayload(work), new SubmitOptions { Delay = delay });
                break;
            case MixedSort.Flaky:
                var fails = _random.Next(1, 3);
                await Submit(new MixedTask(MixedSort.Flaky, id, _time.GetUtcNow()) { Fails = fails }, new MixedPayload(work, fails), new SubmitOptions { Retry = RetryPolicy.After(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300)) });
                break;
            case MixedSort.Dying:
                await Submit(new MixedTask(MixedSort.Dying, id, _time.GetUtcNow()), new MixedPayload(work, 1000), new SubmitOptions { Retry = RetryPolicy.After(TimeSpan.FromMilliseconds(200)) });
                break;
            case MixedSort.Cancelled:
                await SubmitAndCancel(id, _random.Next(2) == 0, _random.Next(100, 1500));
                break;
            case MixedSort.Ordered when !_orderBusy[key]:
                _orderBusy[key] = true; // the next of the key only after this one's answer: so their order is known
                await Submit(new MixedTask(MixedSort.Ordered, id, _time.GetUtcNow()) { Key = Text(key) }, new MixedPayload(work), new SubmitOptions { OrderKey = Text(key) });
                _orderBusy[key] = false;
                break;
            case MixedSort.Keyed:
                await SubmitTwice(work);
                break;
            default:
                await Submit(new MixedTask(MixedSort.Limited, id, _time.GetUtcNow()) { Key = Text(key) }, new MixedPayload(work), new SubmitOptions { LimitKey = Text(key) });
                break;
        }
    }

    private async Task SubmitAndCancel(TaskId id, bool waits, int after)
    {
        var task = new MixedTask(MixedSort.Cancelled, id, _time.GetUtcNow());
        await Submit(task, new MixedPayload(waits ? 5 : 3000), new SubmitOptions { Delay = waits ? TimeSpan.FromSeconds(20) : null });
        if (!task.Acknowledged)
            return;
        await Task.Delay(TimeSpan.FromMilliseconds(after), _time);
        try
        {
            if ((await _client.Tasks.Cancel(id, "the mixed load")).Cancelled)
                task.CancelledAt = _time.GetUtcNow();
        }
        catch (StoreUnavailableException)
        {
            // It may or may not be: nothing is known.
        }
        catch (Exception e)
        {
            _counts.OnSurprise(e);
        }
    }

    private async Task SubmitTwice(int work)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"mixed-{Interlocked.Increment(ref _keyed)}");
        var task = new MixedTask(MixedSort.Keyed, TaskId.ForKey(Queue, 1, key), _time.GetUtcNow());
        var options = new SubmitOptions { Queue = Queue, IdempotencyKey = key };
        await Submit(task, new MixedPayload(work), options);
        await Task.Delay(TimeSpan.FromMilliseconds(500), _time);
        await Submit(task, new MixedPayload(work), options);
    }

    private async Task Submit(MixedTask task, MixedPayload payload, SubmitOptions options)
    {
        try
        {
            await _client.Tasks.Submit(MixedHandler.Kind, payload, options.IdempotencyKey is null ? options with { Id = task.Id } : options);
            if (!task.Acknowledged)
                _tasks.Enqueue(task);
            task.Acknowledged = true;
        }
        catch (Exception e) when (e is StoreUnavailableException or TaskRefusedException or SubmitUncertainException)
        {
            // Not acknowledged, so nothing is promised of it.
        }
        catch (Exception e)
        {
            _counts.OnSurprise(e);
        }
    }

    /// <returns>Whether it has ended, and that is known.</returns>
    private async Task<bool> Read(MixedTask task, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _client.Tasks.Get(task.Id, cancellationToken);
            task.IsMissing = found is null;
            (task.Final, task.Attempts) = (found?.State, found?.Attempt ?? 0);
            return found?.State.IsTerminal() == true;
        }
        catch (Exception e) when (e is StoreUnavailableException || !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<T?> Patiently<T>(Func<Task<T?>> call, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (e is StoreUnavailableException && _time.GetElapsedTime(began) < EndLimit)
            {
                await Task.Delay(Poll, _time, cancellationToken);
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
