using System.Collections.Concurrent;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>What a person watches while it runs; the judgement is made from the ledger.</summary>
internal sealed class LoadCounts
{
    private int _submitted;
    private int _acknowledged;
    private int _refused;
    private int _uncertain;
    private int _executed;
    private int _finished;

    /// <summary>What the client threw that it does not document, and how often.</summary>
    public ConcurrentDictionary<string, int> Surprises { get; } = new(StringComparer.Ordinal);

    public int Submitted => Volatile.Read(ref _submitted);

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public int Refused => Volatile.Read(ref _refused);

    public int Uncertain => Volatile.Read(ref _uncertain);

    public int Executed => Volatile.Read(ref _executed);

    public int Finished => Volatile.Read(ref _finished);

    public int Waiting => Submitted - Acknowledged - Refused - Uncertain;

    public void OnSubmitted() => Interlocked.Increment(ref _submitted);

    public void OnAcknowledged() => Interlocked.Increment(ref _acknowledged);

    public void OnRefused() => Interlocked.Increment(ref _refused);

    public void OnUncertain() => Interlocked.Increment(ref _uncertain);

    public void OnExecuted() => Interlocked.Increment(ref _executed);

    public void OnSurprise(Exception e) => Surprises.AddOrUpdate($"{e.GetType().Name}: {e.Message}", 1, (_, count) => count + 1);

    public void OnFinished() => Interlocked.Increment(ref _finished);
}
