namespace MorningAI.Tasks;

/// <summary>What few tasks have: keys that they share with others, and tags. One field of the record, so that the others pay for one.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskMarks")]
public sealed record TaskMarks
{
    [Id(0)] public string? OrderKey { get; init; }
    [Id(1)] public string? LimitKey { get; init; }

    /// <summary>Those of its order that must end before it begins; empty once they have, and its turn has come.</summary>
    [Id(2)] public TaskId[] Follows { get; init; } = [];

    /// <summary>What its submitter finds it by.</summary>
    [Id(3)] public string[] Tags { get; init; } = [];
}
