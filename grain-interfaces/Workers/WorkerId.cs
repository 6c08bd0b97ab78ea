using System.Diagnostics.CodeAnalysis;

namespace MorningAI.Workers;

/// <summary>The name of a worker, which is its silo's name: 1 to 128 characters of letters, digits, <c>_ - .</c>.</summary>
[GenerateSerializer, Immutable, Alias("mai.WorkerName")]
public readonly record struct WorkerName
{
    private WorkerName(string value) => Value = value;

    [Id(0)] public string Value { get; init; }

    /// <exception cref="FormatException">The text is not a worker name.</exception>
    public static WorkerName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new FormatException($"'{Shown.Short(text)}' is not a worker name: use 1 to 128 letters, digits, '_', '-' and '.'.");

    public static bool TryParse([NotNullWhen(true)] string? text, out WorkerName name)
    {
        name = default;
        if (text is null or { Length: 0 or > 128 } || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            return false;
        name = new WorkerName(text);
        return true;
    }

    public override string ToString() => Value;
}

/// <summary>
/// One life of a worker. The name stays over restarts; the host's address holds its process' start (its generation),
/// so the late messages of an earlier life are told from those of the present one.
/// </summary>
[GenerateSerializer, Immutable, Alias("mai.WorkerId")]
public readonly record struct WorkerId([property: Id(0)] WorkerName Name, [property: Id(1)] SiloAddress Host)
{
    public override string ToString() => $"{Name}/{Host}";
}
