using System.Numerics;

namespace MorningAI.Telemetry;

/// <summary>
/// How long something took, over the last minutes: a few slices of a minute each, of buckets that grow by a quarter of a
/// power of two. Recording takes no lock and allocates nothing. Where a slice begins anew while others record, some of
/// what they say is lost.
/// </summary>
internal sealed class LatencyWindow(TimeProvider time)
{
    /// <summary>What is looked back on, the minute under way included.</summary>
    public const int Minutes = 5;

    /// <summary>Four a power of two, from 1 µs to beyond a day: what is read from them is at most a quarter too high.</summary>
    private const int PerPower = 4, Buckets = 38 * PerPower;

    private readonly Slice[] _slices = [.. Enumerable.Range(0, Minutes).Select(_ => new Slice())];
    private readonly long _minute = time.TimestampFrequency * 60;

    public void Record(TimeSpan duration)
    {
        var micros = Math.Max(0, duration.Ticks / TimeSpan.TicksPerMicrosecond);
        var minute = time.GetTimestamp() / _minute;
        var slice = _slices[minute % Minutes];
        slice.BeginAt(minute);
        Interlocked.Increment(ref slice.Counts[BucketOf(micros)]);
        Interlocked.Add(ref slice.Micros, micros);
    }

    public LatencySummary Summary()
    {
        var now = time.GetTimestamp() / _minute;
        var counts = new long[Buckets];
        long micros = 0;
        foreach (var slice in _slices)
        {
            if (now - Volatile.Read(ref slice.Minute) >= Minutes)
                continue;
            for (var i = 0; i < Buckets; i++)
                counts[i] += Volatile.Read(ref slice.Counts[i]);
            micros += Volatile.Read(ref slice.Micros);
        }

        var count = counts.Sum();
        return count == 0
            ? new LatencySummary(0, default, default, default)
            : new LatencySummary(count, TimeSpan.FromMicroseconds((double)micros / count), At(counts, count, 0.5), At(counts, count, 0.99));
    }

    /// <summary>0 to 3 µs have a bucket each; from there on the two bits behind the highest one choose it.</summary>
    private static int BucketOf(long micros)
    {
        if (micros < PerPower)
            return (int)micros;
        var power = BitOperations.Log2((ulong)micros);
        return Math.Min(Buckets - 1, ((power - 1) * PerPower) + (int)((micros >> (power - 2)) & (PerPower - 1)));
    }

    /// <summary>Where a bucket ends, in µs.</summary>
    private static long EndOf(int bucket)
    {
        if (bucket < PerPower)
            return bucket;
        var power = (bucket / PerPower) + 1;
        return (((long)PerPower + (bucket % PerPower) + 1) << (power - 2)) - 1;
    }

    private static TimeSpan At(long[] counts, long count, double share)
    {
        var rank = (long)Math.Ceiling(count * share);
        for (var i = 0; i < Buckets; i++)
        {
            rank -= counts[i];
            if (rank <= 0)
                return TimeSpan.FromMicroseconds((double)EndOf(i));
        }

        return TimeSpan.FromMicroseconds((double)EndOf(Buckets - 1));
    }

    private sealed class Slice
    {
        public readonly long[] Counts = new long[Buckets];
        public long Minute = long.MinValue / 2;
        public long Micros;

        public void BeginAt(long minute)
        {
            var before = Volatile.Read(ref Minute);
            if (before == minute || Interlocked.CompareExchange(ref Minute, minute, before) != before)
                return;
            Array.Clear(Counts);
            Volatile.Write(ref Micros, 0);
        }
    }
}
