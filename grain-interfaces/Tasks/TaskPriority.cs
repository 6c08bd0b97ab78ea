namespace MorningAI.Tasks;

/// <summary>P0 goes first. Within a priority, first in goes first out.</summary>
[GenerateSerializer, Alias("mai.TaskPriority")]
public enum TaskPriority : byte
{
    P0 = 0,
    P1 = 1,

    /// <summary>The default.</summary>
    P2 = 2,
    P3 = 3,
}
