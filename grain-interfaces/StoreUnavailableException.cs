namespace MorningAI;

/// <summary>
/// The store can neither confirm nor deny now: try again. Never means that something does not exist; a submit that
/// ends with it made no task, unless <see cref="MayHaveLanded"/>.
/// </summary>
[GenerateSerializer, Alias("mai.StoreUnavailableException")]
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message) : base(message) { }

    public StoreUnavailableException(string message, Exception inner) : base(message, inner) { }

    /// <summary>How long a caller should wait before it tries again.</summary>
    [Id(0)] public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A write was under way when its answer was cut off, and may be in the store. Repeating it is safe, and tells.</summary>
    [Id(1)] public bool MayHaveLanded { get; init; }
}
