using System.Text.Json;

namespace MorningAI.Handlers;

/// <summary>Puts a JSON error into words a caller can act on: the place and the fault, without the type names of this code.</summary>
public static class JsonFault
{
    public static string Describe(JsonException e)
    {
        var message = e.Message;
        if (message.Contains("missing required properties", StringComparison.Ordinal) || message.Contains("was missing required", StringComparison.Ordinal))
        {
            var names = message[(message.LastIndexOf(':') + 1)..].Trim().TrimEnd('.');
            return $"missing required field {names}";
        }

        if (message.StartsWith("The JSON property '", StringComparison.Ordinal) && message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"unknown field '{message.Split('\'')[1]}'";

        var where = e.Path is null or "$" or "" ? "" : $" at {e.Path}";
        var line = e.LineNumber is { } l ? $" (line {l + 1}, byte {e.BytePositionInLine + 1})" : "";
        if (message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
            return $"a value of the wrong type{where}{line}";

        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        var plain = message[..(end < 0 ? message.Length : end)];
        end = plain.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? plain : plain[..end]).TrimEnd('.') + where + line;
    }
}
