namespace MorningAI.Diagnosis;

internal enum RespKind
{
    Text,
    Error,
    Number,
    Bulk,
    Null,
    Array,
}

/// <summary>One reply in Redis' protocol (RESP2).</summary>
/// <param name="Text">The line, the bulk string, or the number in digits; empty for null and arrays.</param>
internal sealed record RespReply(RespKind Kind, string Text, IReadOnlyList<RespReply> Items)
{
    public bool IsError => Kind == RespKind.Error;

    /// <summary>The first word of an error: <c>NOAUTH</c>, <c>OOM</c>; empty where it is none.</summary>
    public string ErrorCode => IsError ? Text.Split(' ', 2)[0] : "";
}
