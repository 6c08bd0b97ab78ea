namespace MorningAI.Silo.Chaos;

/// <summary>Has a reminder, and writes down when it runs. In chaos runs only.</summary>
[Alias("mai.chaos.IReminderWitnessGrain")]
public interface IReminderWitnessGrain : IGrainWithStringKey
{
    /// <summary>Returns once its reminder is stored.</summary>
    /// <param name="due">From now until it runs first.</param>
    [Alias("Begin")]
    Task Begin(TimeSpan due);
}
