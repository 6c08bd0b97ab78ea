using System.Globalization;

namespace MorningAI.Silo.Bench;

/// <summary>What a bench is told by the silo, and tells it, through files: the bench must see no less when Redis is down.</summary>
public sealed class BenchProbe(string folder, TimeProvider time) : IDisposable
{
    /// <summary>A line a sampled task: <c>submitted started</c>, in nanoseconds.</summary>
    public const string StartsFile = "starts.log";

    /// <summary>While it exists, blocking tasks keep their slots.</summary>
    public const string GateFile = "gate";

    /// <summary>A byte for each task that waits at the gate.</summary>
    public const string BlockedFile = "blocked";

    /// <summary>Made by the bench; answered by <see cref="MemoryFile"/>, while a task waits at the gate.</summary>
    public const string MemoryAskedFile = "memory-asked";

    /// <summary>Live bytes of the managed heap, after a full collection.</summary>
    public const string MemoryFile = "memory";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private FileStream? _starts;
    private Task? _gate;

    public void Started(string payload)
    {
        var now = Nanoseconds(time);
        var sent = payload.AsSpan(1, payload.IndexOf('.', StringComparison.Ordinal) - 1);
        Span<byte> line = stackalloc byte[64];
        if (!System.Text.Unicode.Utf8.TryWrite(line, CultureInfo.InvariantCulture, $"{sent} {now}\n", out var length))
            throw new ArgumentException("A sampled payload is 's', nanoseconds, a full stop.", nameof(payload));
        lock (_lock)
            (_starts ??= Append(StartsFile)).Write(line[..length]);
    }

    public Task UntilOpen(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_gate is null or { IsCompleted: true })
                _gate = Watch();
            using var blocked = Append(BlockedFile);
            blocked.WriteByte((byte)'b');
            return _gate.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Of a clock that all processes of one machine share.</summary>
    public static long Nanoseconds(TimeProvider time) => (long)(time.GetTimestamp() * (1e9 / time.TimestampFrequency));

    public void Dispose() => _starts?.Dispose();

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(Poll, time);
        while (File.Exists(At(GateFile)) && await timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            if (File.Exists(At(MemoryAskedFile)))
                TellMemory();
        }
    }

    private void TellMemory()
    {
        File.Delete(At(MemoryAskedFile));
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        var draft = At(MemoryFile + ".tmp");
        var heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        File.WriteAllText(draft, (heap.HeapSizeBytes - heap.FragmentedBytes).ToString(CultureInfo.InvariantCulture));
        File.Move(draft, At(MemoryFile), overwrite: true);
    }

    // Without a buffer: every write is a system call of its own.
    private FileStream Append(string name) => new(At(name), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    private string At(string name) => Path.Combine(folder, name);
}
