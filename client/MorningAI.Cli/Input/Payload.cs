using System.Text;

namespace MorningAI.Cli.Input;

/// <summary>The <c>--payload</c> of a task: JSON, <c>@FILE</c>, or <c>@-</c> for standard input; <c>{}</c> where it is not given.</summary>
internal static class Payload
{
    public static async Task<JsonText> Read(string? text, Terminal terminal, CancellationToken cancellationToken) => text switch
    {
        null => JsonText.EmptyObject,
        "@" => throw new CliException("--payload @ names no file: write @FILE, or @- for standard input.", ExitCode.BadInput),
        "@-" => JsonText.Parse(await TextInput.ReadStandardInput(terminal, cancellationToken), "standard input"),
        ['@', .. var path] => JsonText.Parse(await TextInput.ReadFile(path, cancellationToken), path),
        _ => JsonText.Parse(Encoding.UTF8.GetBytes(text), "--payload"),
    };
}
