using System.Buffers;
using System.Globalization;
using System.Text;

namespace MorningAI.Diagnosis;

/// <summary>Reads replies from a server that may be no Redis at all: every length is bounded.</summary>
internal sealed class RespReader(Stream stream)
{
    /// <summary>Of one reply. INFO has some 8 KB, ten entries of the slow log at most 200 KB (Redis cuts them).</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxLine = 16 * 1024, MaxItems = 4096, MaxDepth = 8;

    private readonly byte[] _buffer = new byte[4096];
    private int _at, _end, _left;

    /// <exception cref="RespFormatException">It is not RESP, or too much of it.</exception>
    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    public ValueTask<RespReply> Read(CancellationToken cancellationToken)
    {
        _left = MaxBytes;
        return Read(depth: 0, cancellationToken);
    }

    private async ValueTask<RespReply> Read(int depth, CancellationToken cancellationToken)
    {
        var line = await ReadLine(cancellationToken).ConfigureAwait(false);
        return line[0] switch
        {
            '+' => new RespReply(RespKind.Text, line[1..], []),
            '-' => new RespReply(RespKind.Error, line[1..], []),
            ':' => new RespReply(RespKind.Number, line[1..], []),
            '$' => await ReadBulk(Length(line, MaxBytes), cancellationToken).ConfigureAwait(false),
            '*' when depth < MaxDepth => await ReadArray(Length(line, MaxItems), depth, cancellationToken).ConfigureAwait(false),
            _ => throw new RespFormatException($"it answered '{OneLine.Of(line)}'"),
        };
    }

    private async ValueTask<RespReply> ReadBulk(int length, CancellationToken cancellationToken)
    {
        if (length < 0)
            return new RespReply(RespKind.Null, "", []);
        var bytes = new ArrayBufferWriter<byte>();
        for (var i = 0; i < length + 2; i++)
        {
            var next = await ReadByte(cancellationToken).ConfigureAwait(false);
            if (i < length)
                bytes.Write([next]);
        }

        return new RespReply(RespKind.Bulk, Encoding.UTF8.GetString(bytes.WrittenSpan), []);
    }

    private async ValueTask<RespReply> ReadArray(int count, int depth, CancellationToken cancellationToken)
    {
        if (count < 0)
            return new RespReply(RespKind.Null, "", []);
        var items = new List<RespReply>();
        for (var i = 0; i < count; i++)
            items.Add(await Read(depth + 1, cancellationToken).ConfigureAwait(false));
        return new RespReply(RespKind.Array, "", items);
    }

    /// <summary>Without its end; never empty.</summary>
    private async ValueTask<string> ReadLine(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = await ReadByte(cancellationToken).ConfigureAwait(false);
            if (line.Length == 0 && "+-:$*".IndexOf((char)next) < 0)
                throw new RespFormatException($"its answer begins with the byte 0x{next:x2} ({OneLine.Of(Begin(next))})");
            if (next == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)next);
            if (line.Length > MaxLine)
                throw new RespFormatException($"it answered with a line of more than {MaxLine} bytes");
        }
    }

    /// <summary>What lies in the buffer: enough of a foreign answer to recognise it by.</summary>
    private string Begin(byte first) => Encoding.ASCII.GetString([first, .. _buffer.AsSpan(_at, Math.Min(40, _end - _at))]);

    private async ValueTask<byte> ReadByte(CancellationToken cancellationToken)
    {
        if (--_left < 0)
            throw new RespFormatException($"it answered with more than {MaxBytes} bytes");
        if (_at == _end)
        {
            _end = await stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            _at = 0;
            if (_end == 0)
                throw new EndOfStreamException("it closed the connection");
        }

        return _buffer[_at++];
    }

    private static int Length(string line, int most)
    {
        if (!int.TryParse(line.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var length) || length < -1)
            throw new RespFormatException($"it answered '{OneLine.Of(line)}'");
        return length <= most ? length : throw new RespFormatException($"it announced {length} bytes or items, and {most} are the most that an answer here has");
    }
}
