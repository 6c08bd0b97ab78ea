using System.Globalization;
using System.Text;

namespace MorningAI.Diagnosis;

/// <summary>Commands and replies on one stream, one at a time.</summary>
internal sealed class RespConnection(Stream stream)
{
    private readonly RespReader _reader = new(stream);

    /// <returns>The reply, an error among them.</returns>
    public async Task<RespReply> Call(CancellationToken cancellationToken, params string[] words)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken).ConfigureAwait(false);
        return await _reader.Read(cancellationToken).ConfigureAwait(false);
    }
}
