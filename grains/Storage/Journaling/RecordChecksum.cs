using System.Numerics;
using System.Runtime.InteropServices;

namespace MorningAI.Storage.Journaling;

/// <summary>CRC-32C over all of a record: SQLite's own check sees a broken page, not a changed byte within a value.</summary>
internal static class RecordChecksum
{
    public static long Of(string tag, ReadOnlySpan<byte> key, in JournalColumns columns, ReadOnlySpan<byte> body)
    {
        var crc = Add(0xffffffff, MemoryMarshal.AsBytes(tag.AsSpan()));
        crc = Add(crc, key);
        crc = BitOperations.Crc32C(crc, (ulong)columns.Seq);
        crc = BitOperations.Crc32C(crc, (ulong)columns.Version);
        crc = BitOperations.Crc32C(crc, (ulong)columns.Base);
        crc = BitOperations.Crc32C(crc, (ulong)columns.Writer);
        crc = BitOperations.Crc32C(crc, (ulong)columns.Place);
        crc = BitOperations.Crc32C(crc, (ulong)columns.Score);
        crc = BitOperations.Crc32C(crc, (ulong)columns.At);
        return Add(crc, body);
    }

    /// <param name="seed">What the bytes follow.</param>
    public static uint Of(uint seed, ReadOnlySpan<byte> bytes) => Add(seed, bytes);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);
        return crc;
    }
}
