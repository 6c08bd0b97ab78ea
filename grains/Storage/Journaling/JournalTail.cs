using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace MorningAI.Storage.Journaling;

/// <summary>
/// What the store is asked to take while the journal still waits for more to share a commit with. It is in the system's
/// cache, and not synced: it outlives the process, not the machine. Without it a silo that is killed soon after the store's
/// answer leaves a task with the store alone; in a soak four of 837,000 were lost so, when the store was emptied seconds
/// later. Two files take turns: one begins anew once the journal has on disk all that it held.
/// </summary>
/// <remarks>
/// A file: 8 bytes of salt, then frames. A frame: length and CRC-32C of what follows (4 bytes each; the checksum begins with
/// the journal's id and the salt, so that frames of an earlier turn count for nothing); the lengths of tag and key (2 each),
/// both; sequence number, version, base, writer, place and score (8 each); the body. Little endian.
/// </remarks>
internal sealed partial class JournalTail(JournalFiles files, Guid journal, ILogger logger) : IDisposable
{
    /// <summary>So much is in a file before they change places: some commits' worth.</summary>
    private const int Worth = 256 << 10;

    /// <summary>Of one file. Beyond it a journal that does not come to commit leaves what follows to the store.</summary>
    private const long MostBytes = 64 << 20;

    private const int MostBuffered = 1 << 20;
    private const int SaltLength = 8;
    private const int FrameHead = 8;
    private const int NumbersLength = 6 * sizeof(long);

    private readonly ILogger _logger = logger;
    private readonly Lock _lock = new();
    private readonly Turn[] _turns = [.. files.Tails.Select(f => new Turn(f))];
    private byte[] _buffer = new byte[MostBuffered / 4];
    private int _buffered;
    private int _at;
    private long _discarded; // numbers up to here the disk has refused: nobody is to find them again
    private long _failed; // what was to be written when it failed: not tried again before the journal has come to there
    private bool _logged;

    private Turn Current => _turns[_at];

    /// <summary>These go to the store now. Where they cannot be kept, they are with the store alone until the journal commits them.</summary>
    /// <param name="entries">Of one tag, in order.</param>
    /// <param name="settled">The journal has on disk what comes up to here, or refused it.</param>
    public void Write(IReadOnlyList<JournalEntry> entries, long settled)
    {
        lock (_lock)
        {
            settled = Math.Max(settled, _discarded);
            var last = entries[^1].Seq;
            if (last <= settled || settled < _failed)
                return;
            try
            {
                Begin(settled);
                foreach (var entry in entries)
                {
                    if (entry.Seq > settled)
                        Add(entry);
                }

                Flush();
                Current.Last = Math.Max(Current.Last, last);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _failed = last;
                if (!_logged)
                    LogNotKept(e.Message);
                _logged = true;
            }
            finally
            {
                _buffered = 0;
                if (_buffer.Length > 2 * MostBuffered)
                    _buffer = new byte[MostBuffered];
            }
        }
    }

    /// <summary>The journal's disk has refused what comes up to here, and its writers are told that it is nowhere.</summary>
    /// <returns>False where it could not be taken back.</returns>
    public bool Discard(long upTo)
    {
        lock (_lock)
        {
            _discarded = Math.Max(_discarded, upTo);
            try
            {
                foreach (var turn in _turns)
                    turn.Empty();
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>What an earlier life wrote.</summary>
    /// <param name="after">The journal has what comes up to here.</param>
    /// <returns>In order.</returns>
    /// <exception cref="IOException">The files cannot be read.</exception>
    public static IReadOnlyList<JournalEntry> Read(JournalFiles files, Guid journal, long after)
    {
        List<JournalEntry> entries = [];
        foreach (var file in files.Tails.Where(File.Exists))
            Read(File.ReadAllBytes(file), journal, after, entries);
        return [.. entries.DistinctBy(e => e.Seq).OrderBy(e => e.Seq)];
    }

    /// <summary>The journal has everything.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var turn in _turns)
                turn.Dispose();
        }
    }

    private static void Read(ReadOnlySpan<byte> bytes, Guid journal, long after, List<JournalEntry> entries)
    {
        if (bytes.Length < SaltLength)
            return;
        var seed = Seed(journal, bytes[..SaltLength]);
        for (bytes = bytes[SaltLength..]; bytes.Length >= FrameHead; )
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (length is < 4 + NumbersLength || length > bytes.Length - FrameHead)
                return;
            var frame = bytes.Slice(FrameHead, length);
            if (RecordChecksum.Of(seed, frame) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
                return; // torn, or of an earlier turn
            var entry = Parse(frame);
            if (entry.Seq > after)
                entries.Add(entry);
            bytes = bytes[(FrameHead + length)..];
        }
    }

    private static JournalEntry Parse(ReadOnlySpan<byte> frame)
    {
        var (tag, key) = (BinaryPrimitives.ReadUInt16LittleEndian(frame), BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]));
        frame = frame[4..];
        var name = Encoding.UTF8.GetString(frame[..tag]);
        var recordKey = JournalKey.Decode(name, frame.Slice(tag, key));
        frame = frame[(tag + key)..];
        var columns = new JournalColumns(Number(frame, 0), Number(frame, 1), Number(frame, 2), Number(frame, 3), Number(frame, 4), Number(frame, 5), At: 0);
        return new JournalEntry(columns.Seq, columns.ToWrite(recordKey, frame[NumbersLength..])) { Acknowledged = RecordPlace.IsAcknowledged(columns.Place) };
    }

    private static long Number(ReadOnlySpan<byte> numbers, int at) => BinaryPrimitives.ReadInt64LittleEndian(numbers[(at * sizeof(long))..]);

    private static uint Seed(Guid journal, ReadOnlySpan<byte> salt) =>
        RecordChecksum.Of(RecordChecksum.Of(uint.MaxValue, journal.ToByteArray()), salt);

    /// <summary>The file that is written next, begun anew where nothing in it counts any more.</summary>
    private void Begin(long settled)
    {
        var other = _turns[1 - _at];
        if (Current.Last > settled && Current.Bytes >= Worth && other.Last <= settled)
            _at = 1 - _at;
        if (Current.Last > settled)
            return;
        BinaryPrimitives.WriteInt64LittleEndian(_buffer, Random.Shared.NextInt64());
        _buffered = SaltLength;
        Current.Seed = Seed(journal, _buffer.AsSpan(0, SaltLength));
        Current.Bytes = 0;
    }

    private void Add(JournalEntry entry)
    {
        var write = entry.Write;
        var key = JournalKey.Encode(write.Key);
        var tag = Encoding.UTF8.GetByteCount(write.Key.Tag);
        var body = write.Body ?? [];
        var length = 4 + tag + key.Length + NumbersLength + body.Length;
        if (Current.Bytes + _buffered + FrameHead + length > MostBytes)
            throw new IOException($"the journal has not committed for so long that its tail is {MostBytes >> 20} MiB");
        if (_buffered + FrameHead + length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _buffered + FrameHead + length));
        var head = _buffer.AsSpan(_buffered, FrameHead);
        var frame = _buffer.AsSpan(_buffered + FrameHead, length);
        BinaryPrimitives.WriteUInt16LittleEndian(frame, (ushort)tag);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[2..], (ushort)key.Length);
        Encoding.UTF8.GetBytes(write.Key.Tag, frame[4..]);
        key.CopyTo(frame[(4 + tag)..]);
        var columns = JournalColumns.Of(entry.Seq, write, entry.Acknowledged, at: 0);
        ReadOnlySpan<long> numbers = [columns.Seq, columns.Version, columns.Base, columns.Writer, columns.Place, columns.Score];
        MemoryMarshal.AsBytes(numbers).CopyTo(frame[(4 + tag + key.Length)..]);
        body.CopyTo(frame[(4 + tag + key.Length + NumbersLength)..]);
        BinaryPrimitives.WriteInt32LittleEndian(head, length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], RecordChecksum.Of(Current.Seed, frame));
        _buffered += FrameHead + length;
        if (_buffered >= MostBuffered)
            Flush();
    }

    private void Flush()
    {
        Current.Append(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal's tail cannot be written: {Reason}. Until the journal commits, what is stored meanwhile is with the store alone")]
    private partial void LogNotKept(string reason);

    private sealed class Turn(string file) : IDisposable
    {
        private SafeFileHandle? _handle;

        public uint Seed { get; set; }

        /// <summary>Of this turn; what is behind them in the file is an earlier one's.</summary>
        public long Bytes { get; set; }

        /// <summary>The last number in it.</summary>
        public long Last { get; set; }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            _handle ??= File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(_handle, bytes, Bytes);
            Bytes += bytes.Length;
        }

        public void Empty()
        {
            if (_handle is not null)
                RandomAccess.SetLength(_handle, 0);
            (Bytes, Last) = (0, 0);
        }

        public void Dispose()
        {
            _handle?.Dispose();
            _handle = null;
            File.Delete(file);
        }
    }
}
