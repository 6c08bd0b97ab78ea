using Microsoft.Extensions.Logging;

namespace MorningAI.Storage;

/// <summary>How the store is, as this silo sees it.</summary>
public enum StoreState : byte
{
    /// <summary>It answers, and has everything.</summary>
    Healthy = 0,

    /// <summary>A call failed. Nobody waits for it any more; the prober finds out.</summary>
    Suspect,

    /// <summary>The prober got no good answer.</summary>
    Down,

    /// <summary>It answers again, and is being given what it missed.</summary>
    Recovering,
}

/// <summary>
/// The one opinion of a silo about its store: Healthy → Suspect → Down → Recovering → Healthy. It feeds acknowledgements,
/// readiness, logs and screens; worker health and liveness never.
/// </summary>
public sealed partial class StoreHealth(TimeProvider time, ILogger<StoreHealth> logger)
{
    private readonly Lock _lock = new();
    private readonly ILogger<StoreHealth> _logger = logger;
    private DateTimeOffset _outageEnded;
    private TaskCompletionSource _answers = Completed();

    public StoreState State { get; private set; }

    public StoreFault Fault { get; private set; }

    /// <summary>When it came into its present state.</summary>
    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    /// <summary>When the last outage began; null where there was none in this silo's life.</summary>
    public DateTimeOffset? OutageBegan { get; private set; }

    /// <summary>When the last outage was over; now, while one lasts.</summary>
    public DateTimeOffset OutageEnded => IsWorthTrying ? _outageEnded : time.GetUtcNow();

    public DateTimeOffset? LastAnswerAt { get; private set; }

    /// <summary>An outage lasts, or ended no longer ago than this.</summary>
    public bool WasAwayWithin(TimeSpan span) => OutageBegan is not null && time.GetUtcNow() - OutageEnded < span;

    public TimeSpan? Latency { get; private set; }

    /// <summary>It answers again after it did not, or was found to lack what it had: whoever keeps something there looks whether it is.</summary>
    public event Action? MayLack;

    /// <summary>Now and then, while it has everything that this silo wrote until then.</summary>
    public event Action? IsWhole;

    /// <summary>Worth a call: it answered last time.</summary>
    public bool IsWorthTrying => State is StoreState.Healthy or StoreState.Recovering;

    /// <summary>Completes when the prober finds it answering; at once while it does.</summary>
    public Task WhenItAnswers()
    {
        lock (_lock)
            return _answers.Task;
    }

    /// <summary>A call failed: nobody waits for it before the prober has had a look.</summary>
    public void CallFailed(StoreFault fault)
    {
        lock (_lock)
        {
            if (!IsWorthTrying)
                return;
            Move(StoreState.Suspect, fault);
        }
    }

    public void ProbeFailed(StoreFault fault)
    {
        lock (_lock)
        {
            if (State != StoreState.Down || Fault != fault)
                Move(StoreState.Down, fault);
        }
    }

    public void ProbeAnswered(TimeSpan latency)
    {
        lock (_lock)
        {
            Latency = latency;
            LastAnswerAt = time.GetUtcNow();
            if (IsWorthTrying)
                return;
            Move(StoreState.Recovering, StoreFault.None);
        }

        MayLack?.Invoke();
    }

    /// <summary>Everything that it missed is there again.</summary>
    public void CaughtUp()
    {
        lock (_lock)
        {
            if (State == StoreState.Recovering)
                Move(StoreState.Healthy, StoreFault.None);
        }
    }

    /// <summary>Nothing that this silo wrote until now waits for it.</summary>
    public void HasAll() => IsWhole?.Invoke();

    /// <summary>It answers, and lacks what it was known to have.</summary>
    public void LostData()
    {
        lock (_lock)
        {
            if (State == StoreState.Healthy)
                Move(StoreState.Recovering, StoreFault.None);
        }

        MayLack?.Invoke();
    }

    private void Move(StoreState to, StoreFault fault)
    {
        var from = State;
        var wasAnswering = IsWorthTrying;
        State = to;
        Fault = fault;
        if (from != to)
            Since = time.GetUtcNow();
        if (wasAnswering && !IsWorthTrying)
            OutageBegan = Since;
        else if (!wasAnswering && IsWorthTrying)
            _outageEnded = Since;
        if (!IsWorthTrying && _answers.Task.IsCompleted)
            _answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        else if (IsWorthTrying)
            _answers.TrySetResult();
        if (to is StoreState.Down)
            LogDown(from, to, fault, fault.Describe());
        else
            LogMoved(from, to, fault);
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Store: {From} → {To} ({Fault})")]
    private partial void LogMoved(StoreState from, StoreState to, StoreFault fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Store: {From} → {To} ({Fault}): {What}. Work goes on from memory and journal")]
    private partial void LogDown(StoreState from, StoreState to, StoreFault fault, string what);
}
