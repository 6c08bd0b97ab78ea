using System.Text.Json;
using MorningAI.Cli.Display;

namespace MorningAI.Cli.Input;

/// <summary>Text that is known to be JSON, kept as it was written.</summary>
internal sealed class JsonText
{
    public static readonly JsonText EmptyObject = new("{}"u8.ToArray());

    private JsonText(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <param name="source">Where the text is from, for the message.</param>
    /// <exception cref="CliException">It is not JSON; the message says where it stops being so.</exception>
    public static JsonText Parse(ReadOnlyMemory<byte> utf8, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return new JsonText(utf8);
        }
        catch (JsonException e)
        {
            var where = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            throw new CliException($"{source} is not JSON at {where}: {Reason(e)}", ExitCode.BadInput, e);
        }
    }

    /// <summary>The reader appends its own position, which counts from 0.</summary>
    private static string Reason(JsonException exception) => Plain.Line(exception.Message.Split(" LineNumber:")[0]);
}
