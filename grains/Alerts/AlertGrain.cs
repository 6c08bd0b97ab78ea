using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Serialization;

namespace MorningAI.Alerts;

/// <summary>
/// Looks at everything every few seconds, says what has begun and ended, once, and goes on saying it to the webhook until
/// that has taken it. What is open is stored where that can be done; where it cannot be read, in an outage, it begins
/// without: an alert may then be told twice, with the same id.
/// </summary>
internal sealed partial class AlertGrain(IDurableRecords records, Serializer<AlertState> serializer, AlertWebhook webhook, IOptions<AlertOptions> options, TimeProvider time, ILogger<AlertGrain> logger) : Grain, IAlertGrain
{
    private static readonly RecordKey Stored = new("alerts", "alerts", "open");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ILogger<AlertGrain> _logger = logger;
    private readonly AlertBook _book = new(options.Value.Every * 3);
    private readonly FailureWindow _failures = new(options.Value.FailuresWithin);
    private readonly Dictionary<string, (SiloSigns Signs, DateTimeOffset At)> _silos = [];
    private readonly Dictionary<QueueName, long> _dead = []; // as last counted
    private readonly ulong _writer = (ulong)Random.Shared.NextInt64();
    private Dictionary<QueueName, long> _deadSeen = []; // up to here somebody knows
    private DateTimeOffset _from;
    private long _version, _base;
    private bool _loaded, _looking, _telling, _changed;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _from = time.GetUtcNow();
        this.RegisterGrainTimer(Look, new GrainTimerCreationOptions(options.Value.Every, options.Value.Every) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task Report(SiloSigns signs)
    {
        var now = time.GetUtcNow();
        _silos[signs.Silo] = (signs, now);
        _failures.Add(signs.Silo, signs.Failures, now);
        return Task.CompletedTask;
    }

    public Task<Alert[]> List() => Task.FromResult<Alert[]>([.. _book.Listed()]);

    public async Task<Alert?> Acknowledge(string id, string? by)
    {
        var alert = _book.Acknowledge(id, by, time.GetUtcNow());
        if (alert is null)
            return null;
        const string deadLetters = "dead_letters:";
        if (id.StartsWith(deadLetters, StringComparison.Ordinal) && QueueName.TryParse(id[deadLetters.Length..], out var queue) && _dead.TryGetValue(queue, out var count))
            _deadSeen[queue] = count; // those are known now: the next ones are another alert
        _changed = true;
        await Keep();
        return alert;
    }

    private async Task Look(CancellationToken cancellationToken)
    {
        if (_looking)
            return;
        _looking = true;
        try
        {
            await Load();
            var now = time.GetUtcNow();
            var queues = await Ask(Queues());
            var workers = await Ask(GrainFactory.GetWorkerRegistry().List());
            CountDead(queues);
            var conditions = AlertRules.Judge(_silos.Values, queues, workers, NewlyDead(), _failures.Count(now), options.Value, now);
            // Of a grain that has just come up, silos may not have spoken yet: nothing is over before they had time to.
            var settled = now - _from > AlertRules.Fresh(options.Value);
            foreach (var alert in _book.Update(conditions, id => settled && (queues is not null || !id.StartsWith("queue_", StringComparison.Ordinal)) && (workers is not null || !id.StartsWith("worker_", StringComparison.Ordinal)), now))
            {
                _changed = true;
                if (alert.IsOpen)
                    LogBegan(alert.Id, alert.Severity, alert.Text);
                else
                    LogOver(alert.Id, alert.ResolvedAt!.Value - alert.Since, alert.Text);
            }

            await Keep();
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
        finally
        {
            _looking = false;
        }

        _ = Tell();
    }

    private async Task<PartitionStatus[]> Queues()
    {
        var partitions = await GrainFactory.GetQueueDirectory().List();
        return await Task.WhenAll(partitions.Select(p => GrainFactory.GetPartition(p).GetStatus()));
    }

    private void CountDead(PartitionStatus[]? queues)
    {
        foreach (var queue in (queues ?? []).GroupBy(q => q.Partition.Queue))
        {
            if (queue.Any(p => p.Stored is null))
                continue; // not counted now
            var count = queue.Sum(p => p.Stored?[(int)TaskState.Dead] ?? 0);
            _dead[queue.Key] = count;
            // Those that were there before anybody looked are no news; and those that are gone are not missed.
            if (!_deadSeen.TryGetValue(queue.Key, out var seen) || count < seen)
            {
                _deadSeen[queue.Key] = count;
                _changed = true;
            }
        }
    }

    private Dictionary<QueueName, long> NewlyDead() =>
        _dead.Where(d => d.Value > _deadSeen.GetValueOrDefault(d.Key)).ToDictionary(d => d.Key, d => d.Value - _deadSeen.GetValueOrDefault(d.Key));

    /// <summary>Apart from the rounds: a webhook that hangs holds up nothing.</summary>
    private async Task Tell()
    {
        if (_telling || !webhook.IsSet)
            return;
        _telling = true;
        try
        {
            foreach (var alert in _book.Untold().ToArray())
            {
                if (!await webhook.Send(alert))
                    break; // in the next round again, in this order
                _book.Told(alert);
                _changed = true;
            }
        }
        finally
        {
            _telling = false;
        }
    }

    private async Task Load()
    {
        if (_loaded)
            return;
        try
        {
            if (await records.Read(Stored).AsTask().WaitAsync(Patience, time) is { } stored)
            {
                var state = serializer.Deserialize(stored.Body)!;
                _book.Load(state.Alerts);
                _deadSeen = state.DeadSeen;
                _version = _base = stored.Header.Version;
            }

            _loaded = true;
        }
        catch (Exception e)
        {
            LogNotLoaded(e.Message); // with the next round again
        }
    }

    private async Task Keep()
    {
        if (!_changed || !_loaded)
            return;
        _changed = false;
        try
        {
            var outcome = await records.Write(new RecordWrite
            {
                Key = Stored,
                Version = ++_version,
                Base = _base,
                Writer = _writer,
                Body = serializer.SerializeToArray(new AlertState { Alerts = [.. _book.Alerts], DeadSeen = _deadSeen }),
            });
            if (outcome.Result is WriteResult.Conflict or WriteResult.Exists)
                _loaded = false; // another activation wrote: read it, and go on from there
        }
        catch (StoreUnavailableException)
        {
            _changed = true;
        }
    }

    private async Task<T?> Ask<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call.WaitAsync(Patience, time);
        }
        catch (Exception e)
        {
            LogNotAnswered(e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Alert} ({Severity}): {Text}")]
    private partial void LogBegan(string alert, AlertSeverity severity, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Alert} is over after {Time}. It was: {Text}")]
    private partial void LogOver(string alert, TimeSpan time, string text);

    [LoggerMessage(Level = LogLevel.Information, Message = "Alerts that were open before cannot be read yet ({Reason})")]
    private partial void LogNotLoaded(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A part of the cluster did not say how it is ({Reason})")]
    private partial void LogNotAnswered(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of alerts failed; the next one tries again")]
    private partial void LogFailed(Exception exception);
}

[GenerateSerializer, Alias("mai.AlertState")]
public sealed class AlertState
{
    [Id(0)] public List<Alert> Alerts { get; set; } = [];

    /// <summary>How many dead letters of each queue somebody knows of.</summary>
    [Id(1)] public Dictionary<QueueName, long> DeadSeen { get; set; } = [];
}
