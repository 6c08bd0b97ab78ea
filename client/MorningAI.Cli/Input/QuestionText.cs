using System.Text;

namespace MorningAI.Cli.Input;

/// <summary>The question of <c>morningai faq</c>: the argument, or standard input where that is <c>-</c>.</summary>
internal static class QuestionText
{
    /// <exception cref="CliException">It is empty, or standard input is not UTF-8.</exception>
    public static async Task<string> Read(string argument, Terminal terminal, CancellationToken cancellationToken)
    {
        var text = argument is "-" ? Encoding.UTF8.GetString(await TextInput.ReadStandardInput(terminal, cancellationToken)) : argument;
        return text.Trim() is { Length: > 0 } question
            ? question
            : throw new CliException("The question is empty: write it between quotes, or give '-' and write it to standard input.", ExitCode.BadInput);
    }
}
