using System.Text.Json;

namespace MorningAI.Handlers;

/// <summary>Puts a JSON error into words a caller can act on: the place and the fault, without the type names of this code.</summary>
public static class JsonFault
{
    /// <param name="fault">As the serializer throws it: a <see cref="JsonException"/>, or a <see cref="NotSupportedException"/> where it cannot tell which type to make.</param>
    public static string Describe(Exception fault)
    {
        if (fault is not JsonException e)
            return "a value whose form cannot be told; is its type discriminator missing?";

        var message = e.Message;
        var where = e.Path is null or "$" or "" ? "" : $" at {e.Path}";
        var line = e.LineNumber is { } l ? $" (line {l + 1}, byte {e.BytePositionInLine + 1})" : "";
        if (message.Contains("missing required properties", StringComparison.Ordinal) || message.Contains("was missing required", StringComparison.Ordinal))
        {
            var names = message[(message.LastIndexOf(':') + 1)..].Trim().TrimEnd('.');
            return $"missing required field {names}{where}";
        }

        if (message.StartsWith("The JSON property '", StringComparison.Ordinal) && message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"unknown field '{message.Split('\'')[1]}'";
        if (message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
            return $"a value of the wrong type{where}{line}";
        if (message.Contains("doesn't allow", StringComparison.Ordinal))
            return $"a null that is not allowed{where}{line}";
        if (message.Contains(" type '", StringComparison.Ordinal))
            return $"a value that cannot be used{where}{line}"; // whatever else names a type of this code

        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        var plain = message[..(end < 0 ? message.Length : end)];
        end = plain.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? plain : plain[..end]).TrimEnd('.') + where + line;
    }
}
