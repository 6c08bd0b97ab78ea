namespace MorningAI.Cli.Chaos.Stage.Network;

/// <summary>May this user make network namespaces here?</summary>
internal static class NamespaceSupport
{
    /// <returns>Null where it may; else what is missing and what to do, as a sentence.</returns>
    public static async Task<string?> Missing(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return "network namespaces are Linux' own: run it there.";
        var (code, _, errors) = await ShortProgram.Run("ip", ["-V"], cancellationToken);
        if (code != 0)
            return $"'ip' cannot be run ({errors}). Install iproute2 ('apt-get install iproute2', 'dnf install iproute').";

        var name = NamespaceNetwork.Prefix(Environment.ProcessId) + "try";
        (code, _, errors) = await ShortProgram.Run("ip", ["netns", "add", name], cancellationToken);
        if (code == 0)
            (code, _, errors) = await ShortProgram.Run("ip", ["-n", name, "link", "add", "try0", "type", "veth", "peer", "name", "try1"], cancellationToken);
        await ShortProgram.Run("ip", ["netns", "delete", name], CancellationToken.None);
        return code == 0
            ? null
            : $"this user may not make network namespaces ({errors}). Run it as root; in a container also with the capabilities NET_ADMIN and SYS_ADMIN.";
    }
}
