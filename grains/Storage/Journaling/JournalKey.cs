using System.Text;
using MorningAI.Tasks;

namespace MorningAI.Storage.Journaling;

/// <summary>
/// A record's kind and id as bytes, the id first: new ids then sort last, and a batch touches few pages of the index.
/// The last byte tells the form: 1 for a task by its 16 bytes, 0 for <c>id, 0, kind</c> in UTF-8.
/// </summary>
internal static class JournalKey
{
    private const byte AsText = 0;
    private const byte AsTask = 1;
    private const int TaskLength = 17;

    public static byte[] Encode(RecordKey key)
    {
        if (key.Kind == RecordKey.TaskKind && Base32.TryDecode(key.Id, out var id))
        {
            var task = new byte[TaskLength];
            id.TryWriteBytes(task, bigEndian: true, out _);
            task[^1] = AsTask;
            return task;
        }

        return [.. Encoding.UTF8.GetBytes(key.Id), 0, .. Encoding.UTF8.GetBytes(key.Kind), AsText];
    }

    /// <exception cref="InvalidDataException">Not bytes that <see cref="Encode"/> wrote.</exception>
    public static RecordKey Decode(string tag, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == TaskLength && bytes[^1] == AsTask)
            return new RecordKey(tag, RecordKey.TaskKind, Base32.Encode(new Guid(bytes[..16], bigEndian: true)));
        var end = bytes.Length < 2 || bytes[^1] != AsText ? -1 : bytes[..^1].LastIndexOf((byte)0);
        if (end < 0)
            throw new InvalidDataException("A journaled record's key is damaged.");
        return new RecordKey(tag, Encoding.UTF8.GetString(bytes[(end + 1)..^1]), Encoding.UTF8.GetString(bytes[..end]));
    }
}
