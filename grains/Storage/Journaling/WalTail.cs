using System.Buffers.Binary;

namespace MorningAI.Storage.Journaling;

/// <summary>What a write-ahead log ends in. SQLite itself ignores what was not committed whole; this sees that there was some.</summary>
internal static class WalTail
{
    private const int HeaderLength = 32;
    private const int FrameHeaderLength = 24;

    /// <returns>Pages of the log's present round, whole or torn; pages of earlier rounds do not count.</returns>
    public static int CountPages(string walFile)
    {
        if (!File.Exists(walFile))
            return 0;
        using var file = new FileStream(walFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderLength];
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
            return 0;
        var pageSize = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        if (pageSize is 0 or > 65536)
            return 0;
        Span<byte> frame = stackalloc byte[FrameHeaderLength];
        var pages = 0;
        for (long at = HeaderLength; at < file.Length; at += FrameHeaderLength + pageSize)
        {
            file.Position = at;
            if (file.ReadAtLeast(frame, FrameHeaderLength, throwOnEndOfStream: false) < FrameHeaderLength)
                return pages + 1; // torn within a frame's header
            if (!frame.Slice(8, 8).SequenceEqual(header.Slice(16, 8)))
                break;
            pages++;
        }

        return pages;
    }
}
