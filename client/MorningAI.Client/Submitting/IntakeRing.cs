using MorningAI.Client.Cluster;
using MorningAI.Intake;

namespace MorningAI.Client.Submitting;

/// <summary>
/// Intake grains in turn. Orleans' client sends all calls to one grain through one gateway, also while that one hangs, as
/// its connection stays open. Several grains are spread over the gateways; after a call stayed unanswered, those are taken
/// that have answered since it was sent.
/// </summary>
internal sealed class IntakeRing(Func<long, IIntakeGrain> find, TimeProvider time)
{
    /// <summary>Enough that with three gateways one of them left out is unlikely.</summary>
    public const int Size = IIntakeGrain.Keys;

    /// <summary>How long after an unanswered call the ring is careful. Silos need about as long to declare one of them dead.</summary>
    public static readonly TimeSpan Caution = TimeSpan.FromSeconds(15);

    // Written and read without a lock: a stale stamp costs one call on a slow way, which is repeated.
    private readonly long[] _answered = new long[Size];
    private readonly long[] _unanswered = new long[Size];
    private long _carefulSince;
    private long _carefulUntil = long.MinValue;
    private int _turn = Random.Shared.Next();

    /// <summary>One call to the grain whose turn it is; remembers whether it answered.</summary>
    /// <exception cref="TimeoutException">No answer within the limit, or a connection broke meanwhile.</exception>
    public async Task<T> Call<T>(ClusterCalls calls, Func<IIntakeGrain, Task<T>> call, TimeSpan limit)
    {
        var key = Next();
        var sent = time.GetTimestamp();
        try
        {
            var answer = await calls.Once(() => call(find(key)), limit, CancellationToken.None).ConfigureAwait(false);
            Answered(key);
            return answer;
        }
        catch (TimeoutException)
        {
            Unanswered(key, sent);
            throw;
        }
    }

    internal int Next()
    {
        var turn = (uint)Interlocked.Increment(ref _turn);
        if (time.GetTimestamp() < Volatile.Read(ref _carefulUntil))
        {
            for (uint i = 0; i < Size; i++)
            {
                var key = (int)((turn + i) % Size);
                if (Volatile.Read(ref _answered[key]) > Math.Max(Volatile.Read(ref _carefulSince), Volatile.Read(ref _unanswered[key])))
                    return key;
            }
        }

        return (int)(turn % Size);
    }

    internal void Answered(int key) => Volatile.Write(ref _answered[key], time.GetTimestamp());

    /// <param name="key">The grain that did not answer.</param>
    /// <param name="sent">When the call was sent: whatever answered later has shown that its way is open.</param>
    internal void Unanswered(int key, long sent)
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _unanswered[key], now);
        if (now >= Volatile.Read(ref _carefulUntil))
            Volatile.Write(ref _carefulSince, sent);
        Volatile.Write(ref _carefulUntil, now + (long)(Caution.TotalSeconds * time.TimestampFrequency));
    }
}
