using System.Text;
using MorningAI.Cli.Display;

namespace MorningAI.Cli.Input;

/// <summary>Reads text that the caller names: a file, or standard input. It must be UTF-8; a byte order mark is dropped.</summary>
internal static class TextInput
{
    /// <summary>Far above what a silo takes: it keeps a wrong file name from filling the memory.</summary>
    private const int LimitBytes = 16 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="CliException">The file cannot be read, is too large, or is not UTF-8.</exception>
    public static async Task<byte[]> ReadFile(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await Read(file, path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException($"Cannot read {Plain.Line(path)}: {Plain.Line(e.Message)}", ExitCode.BadInput, e);
        }
    }

    /// <exception cref="CliException">It is too large, or is not UTF-8.</exception>
    public static async Task<byte[]> ReadStandardInput(Terminal terminal, CancellationToken cancellationToken)
    {
        if (terminal.InIsInteractive)
            terminal.Say("Reading from the terminal; end with Ctrl-D on a line of its own.");
        // A console's read does not hear its token.
        return await Read(terminal.In, "standard input", cancellationToken).WaitAsync(cancellationToken);
    }

    private static async Task<byte[]> Read(Stream stream, string source, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            read.Write(buffer, 0, count);
            if (read.Length > LimitBytes)
                throw new CliException($"{Plain.Line(source)} is larger than {LimitBytes >> 20} MiB.", ExitCode.BadInput);
        }

        var bytes = read.ToArray();
        Check(bytes, source);
        return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
    }

    private static void Check(byte[] bytes, string source)
    {
        try
        {
            Strict.GetCharCount(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new CliException($"{Plain.Line(source)} is not UTF-8 at byte {e.Index + 1}: save it as UTF-8.", ExitCode.BadInput, e);
        }
    }
}
