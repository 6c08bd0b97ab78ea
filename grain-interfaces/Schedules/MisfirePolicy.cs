namespace MorningAI.Schedules;

/// <summary>What becomes of due times that passed by more than a minute ago while nothing could fire. What is later by less is fired, whatever the policy.</summary>
[GenerateSerializer, Alias("mai.MisfirePolicy")]
public enum MisfirePolicy : byte
{
    /// <summary>One firing stands for all of them: that of the last one, or the next that is in time.</summary>
    Once = 0,

    /// <summary>Each is fired, up to the last 100.</summary>
    All = 1,

    /// <summary>None is fired.</summary>
    Skip = 2,
}
