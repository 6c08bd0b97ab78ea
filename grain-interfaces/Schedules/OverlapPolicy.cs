namespace MorningAI.Schedules;

/// <summary>What becomes of a due time while the task of the last firing has not ended.</summary>
[GenerateSerializer, Alias("mai.OverlapPolicy")]
public enum OverlapPolicy : byte
{
    /// <summary>It is fired.</summary>
    Allow = 0,

    /// <summary>It is passed over.</summary>
    Skip = 1,
}
