namespace MorningAI.Cli.Chaos.Stage.Network;

/// <summary><c>ip</c> and <c>bridge</c> of iproute2.</summary>
internal static class IpCommand
{
    /// <param name="command">Words with a space between them.</param>
    /// <exception cref="StageException">It refused; the message has its words.</exception>
    public static Task<string> Ip(string command, CancellationToken cancellationToken = default) => Run("ip", command, cancellationToken);

    /// <inheritdoc cref="Ip"/>
    public static Task<string> Bridge(string command, CancellationToken cancellationToken = default) => Run("bridge", command, cancellationToken);

    private static async Task<string> Run(string program, string command, CancellationToken cancellationToken)
    {
        var (code, output, errors) = await ShortProgram.Run(program, command.Split(' '), cancellationToken);
        return code == 0 ? output : throw new StageException($"'{program} {command}' failed: {errors}");
    }
}
