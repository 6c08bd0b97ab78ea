using System.Buffers;
using System.Globalization;
using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>
/// The first 30 bytes of every stored record, readable by a script without parsing the body: schema (1 digit), version
/// (12 hex digits), state (1 digit, or <c>-</c> where not indexed), writer (16 hex digits).
/// </summary>
/// <param name="Version">From 1; one more with every write.</param>
/// <param name="Writer">The activation that wrote it. With the version it is the etag.</param>
public readonly record struct RecordHeader(long Version, TaskState? State, ulong Writer)
{
    public const int Length = 30;

    /// <summary>Of the header and body together. A record of a later schema is refused, never guessed at.</summary>
    public const char Schema = '1';

    private const int StateAt = 13;
    private const int WriterAt = 14;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    private char StateDigit => State is { } state ? (char)('0' + (int)state) : '-';

    public byte[] Prepend(ReadOnlySpan<byte> body)
    {
        var record = new byte[Length + body.Length];
        record[0] = (byte)Schema;
        Version.TryFormat(record.AsSpan(1, StateAt - 1), out _, "x12", CultureInfo.InvariantCulture);
        record[StateAt] = (byte)StateDigit;
        Writer.TryFormat(record.AsSpan(WriterAt, Length - WriterAt), out _, "x16", CultureInfo.InvariantCulture);
        body.CopyTo(record.AsSpan(Length));
        return record;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Schema}{Version:x12}{StateDigit}{Writer:x16}");

    public static bool TryRead(ReadOnlySpan<byte> record, out RecordHeader header)
    {
        try
        {
            header = Read(record);
            return true;
        }
        catch (InvalidDataException)
        {
            header = default;
            return false;
        }
    }

    /// <exception cref="InvalidDataException">These are not the bytes of a record of this version of the program.</exception>
    public static RecordHeader Read(ReadOnlySpan<byte> record)
    {
        if (record.Length < Length)
            throw new InvalidDataException($"A stored record has {record.Length} bytes; its header alone has {Length}.");
        if (record[0] != Schema)
            throw new InvalidDataException($"A stored record has schema '{(char)record[0]}'; this version reads '{Schema}'. Run the version that wrote it, or a later one.");
        // Parsing alone would pass over trailing zero bytes and take capitals, which the script compares as other writers.
        if (record.Slice(1, 12).ContainsAnyExcept(HexDigits)
            || record.Slice(14, 16).ContainsAnyExcept(HexDigits)
            || !long.TryParse(record.Slice(1, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version)
            || !ulong.TryParse(record.Slice(14, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var writer)
            || (record[13] != '-' && record[13] is < (byte)'0' or > (byte)'9'))
            throw new InvalidDataException("A stored record's header is damaged.");
        return new RecordHeader(version, record[13] == '-' ? null : (TaskState)(record[13] - '0'), writer);
    }
}
