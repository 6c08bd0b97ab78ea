using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>One command to Redis over a connection of its own: no pool, no state, so that it says how the server is now.</summary>
internal static class RedisCall
{
    /// <returns>The reply: a line, a number or a string, as text.</returns>
    /// <exception cref="RedisErrorException">Redis answered with an error.</exception>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    /// <exception cref="IOException">The connection was refused or broke.</exception>
    public static async Task<string> Send(IPEndPoint redis, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken, params string[] command)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(redis, either.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encode(command), either.Token);
            return await ReadReply(stream, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Redis did not answer {command[0]} within {limit.TotalSeconds} s.", e);
        }
        catch (SocketException e)
        {
            throw new IOException($"Redis cannot be reached: {e.Message}", e);
        }
    }

    private static byte[] Encode(string[] command)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var word in command)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static async Task<string> ReadReply(Stream stream, CancellationToken cancellationToken)
    {
        var line = await ReadLine(stream, cancellationToken);
        switch (line[0])
        {
            case '-':
                throw new RedisErrorException(line[1..]);
            case '$':
                var length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                if (length < 0)
                    return "";
                var body = new byte[length + 2];
                await stream.ReadExactlyAsync(body, cancellationToken);
                return Encoding.UTF8.GetString(body, 0, length);
            default:
                return line[1..];
        }
    }

    private static async Task<string> ReadLine(Stream stream, CancellationToken cancellationToken)
    {
        var line = new ArrayBufferWriter<byte>();
        var one = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            if (one[0] == '\n')
                return Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r') is { Length: > 0 } text ? text : throw new IOException("Redis sent an empty line.");
            line.Write(one);
        }
    }
}

/// <summary>Redis answered, and its answer is an error.</summary>
internal sealed class RedisErrorException(string message) : Exception(message);
