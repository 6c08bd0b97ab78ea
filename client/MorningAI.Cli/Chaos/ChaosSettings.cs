namespace MorningAI.Cli.Chaos;

/// <summary>What a run was asked to do.</summary>
internal sealed record ChaosSettings
{
    public required string Fault { get; init; }

    /// <summary>Default: 2.</summary>
    public int Silos { get; init; } = 2;

    /// <summary>How long the fault lasts. Default: 6 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Submits a second. Default: 200.</summary>
    public double Rate { get; init; } = 200;

    /// <summary>Beside the plain tasks others that wait, fail, are cancelled, share keys or come of schedules. Default: not.</summary>
    public bool IsMixed { get; init; }

    /// <summary>Of the tasks' work and of whom a fault hits. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many times slower than promised the system may be. Default: 1.</summary>
    public double Slack { get; init; } = 1;

    /// <summary>The file for what the processes hold from time to time; null: in the evidence folder.</summary>
    public string? Samples { get; init; }

    /// <summary>Keep the evidence also of a run that passed.</summary>
    public bool Keep { get; init; }
}
