using System.Diagnostics.CodeAnalysis;
using MorningAI.Queues;

namespace MorningAI.Schedules;

/// <summary>The name of a schedule: 1 to 64 characters of <c>a-z 0-9 _ -</c>, starting with a letter or digit, as a queue's.</summary>
[GenerateSerializer, Immutable, Alias("mai.ScheduleName")]
public readonly record struct ScheduleName
{
    /// <summary>What a name looks like, for messages.</summary>
    public const string Form = "1 to 64 characters of a-z, 0-9, '_' and '-', starting with a letter or digit";

    private ScheduleName(string value) => Value = value;

    [Id(0)] public string Value { get; init; }

    /// <exception cref="FormatException">The text is not a schedule's name; the message says what one looks like.</exception>
    public static ScheduleName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new FormatException($"'{Shown.Short(text)}' is not a name of a schedule: use {Form}.");

    public static bool TryParse([NotNullWhen(true)] string? text, out ScheduleName name)
    {
        name = QueueName.TryParse(text, out _) ? new ScheduleName(text) : default;
        return name.Value is not null;
    }

    public override string ToString() => Value;
}
