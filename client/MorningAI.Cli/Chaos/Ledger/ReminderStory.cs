namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>What the ledger says of one witness' reminder.</summary>
internal sealed class ReminderStory(string witness)
{
    public string Witness { get; } = witness;

    /// <summary>Null where it was never registered.</summary>
    public DateTimeOffset? FirstDue { get; set; }

    public TimeSpan Period { get; set; }

    /// <summary>By the number of their due time, counted from 0 at the first.</summary>
    public List<long> Ticks { get; } = [];
}
