using System.Globalization;

namespace MorningAI.Cli.Chaos.Soak;

/// <summary>What one process of a run held at one moment. Null: it could not be read, or this process has no such thing.</summary>
/// <param name="Seconds">Since the first sample. All processes of one moment have the same.</param>
/// <param name="Process">A silo's name, or <see cref="Redis"/>.</param>
/// <param name="Id">Of the process: another one after a restart.</param>
internal sealed record Sample(double Seconds, string Process, int Id)
{
    public const string Redis = "redis";

    /// <summary>The fields of <see cref="ToLine"/>.</summary>
    public const string Header = "seconds,process,pid,resident_bytes,heap_bytes,handles,threads,activations,timers,journal_bytes,redis_keys,redis_memory_bytes";

    public long? ResidentBytes { get; init; }

    /// <summary>Of the managed heap.</summary>
    public long? HeapBytes { get; init; }

    /// <summary>Open files and sockets.</summary>
    public long? Handles { get; init; }

    public long? Threads { get; init; }

    /// <summary>Of grains.</summary>
    public long? Activations { get; init; }

    public long? Timers { get; init; }

    /// <summary>The file and its write-ahead log.</summary>
    public long? JournalBytes { get; init; }

    public long? RedisKeys { get; init; }

    public long? RedisMemoryBytes { get; init; }

    /// <summary>One line of CSV.</summary>
    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seconds:0.0},{Process},{Id},{ResidentBytes},{HeapBytes},{Handles},{Threads},{Activations},{Timers},{JournalBytes},{RedisKeys},{RedisMemoryBytes}");
}
