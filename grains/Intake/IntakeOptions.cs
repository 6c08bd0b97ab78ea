namespace MorningAI.Intake;

/// <summary>What is taken in, and how much of it.</summary>
public sealed class IntakeOptions
{
    /// <summary>Default: 1 MiB.</summary>
    public int MaxPayloadBytes { get; set; } = 1024 * 1024;

    /// <summary>Default: 256 characters.</summary>
    public int MaxKeyLength { get; set; } = 256;

    /// <summary>The longest time that an attempt may be given. Default: 24 h.</summary>
    public TimeSpan MaxTimeout { get; set; } = TimeSpan.FromHours(24);
}
