using System.Diagnostics.CodeAnalysis;

namespace MorningAI.Queues;

/// <summary>The name of a queue: 1 to 64 characters of <c>a-z 0-9 _ -</c>, starting with a letter or digit.</summary>
[GenerateSerializer, Immutable, Alias("mai.QueueName")]
public readonly record struct QueueName
{
    /// <summary>Where a task goes whose submitter and kind name no queue.</summary>
    public static readonly QueueName Default = new("default");

    private QueueName(string value) => Value = value;

    [Id(0)] public string Value { get; init; }

    /// <exception cref="FormatException">The text is not a queue name; the message says what one looks like.</exception>
    public static QueueName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new FormatException($"'{Shown.Short(text)}' is not a queue name: use 1 to 64 characters of a-z, 0-9, '_' and '-', starting with a letter or digit.");

    public static bool TryParse([NotNullWhen(true)] string? text, out QueueName name)
    {
        name = default;
        if (text is null || !IsName(text))
            return false;
        name = new QueueName(text);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, from a part of a longer text. Most tasks are in the default queue, whose name is there already.</summary>
    internal static bool TryRead(ReadOnlySpan<char> text, out QueueName name)
    {
        name = default;
        if (!IsName(text))
            return false;
        name = text.SequenceEqual(Default.Value) ? Default : new QueueName(text.ToString());
        return true;
    }

    public override string ToString() => Value;

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 64 || !char.IsAsciiLetterOrDigit(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-'))
                return false;
        }

        return true;
    }
}
