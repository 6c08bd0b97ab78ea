using System.Diagnostics.CodeAnalysis;

namespace MorningAI.Tasks;

/// <summary>What a task is to do: the name that its handler is registered under. 1 to 64 characters of <c>a-z 0-9 _ - .</c>.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskKind")]
public readonly record struct TaskKind
{
    private TaskKind(string value) => Value = value;

    [Id(0)] public string Value { get; init; }

    /// <exception cref="FormatException">The text is not a task kind.</exception>
    public static TaskKind Parse(string text) => TryParse(text, out var kind)
        ? kind
        : throw new FormatException($"'{Shown.Short(text)}' is not a task kind: use 1 to 64 characters of a-z, 0-9, '_', '-' and '.'.");

    public static bool TryParse([NotNullWhen(true)] string? text, out TaskKind kind)
    {
        kind = default;
        if (text is null or { Length: 0 or > 64 })
            return false;
        foreach (var c in text)
        {
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.'))
                return false;
        }

        kind = new TaskKind(text);
        return true;
    }

    public override string ToString() => Value;
}
