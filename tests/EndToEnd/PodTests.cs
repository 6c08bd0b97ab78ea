using System.Net.NetworkInformation;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>A silo that is told that it is a pod.</summary>
public sealed class PodTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Silo_InAPodWithoutAToken_GoesByItsPodAndWorks()
    {
        using var scratch = new Scratch();
        await using var silo = await SiloProcess.Start(
            scratch.At("data"),
            name: "morningai-0",
            environment:
            [
                ("KUBERNETES_SERVICE_HOST", "127.0.0.1"), ("KUBERNETES_SERVICE_PORT", "443"),
                ("POD_NAMESPACE", "agents"), ("POD_NAME", "morningai-0"), ("POD_IP", "127.0.0.1"),
                ("ORLEANS_CLUSTER_ID", "blue"), ("ORLEANS_SERVICE_ID", "faq"),
                ("MORNINGAI_CLUSTER_ID", "blue"), ("MORNINGAI_SERVICE_ID", "faq"),
            ]);

        var overview = await silo.Overview();
        Assert.Equal(("blue", "faq"), ((string?)overview["cluster"]!["cluster_id"], (string?)overview["cluster"]!["service_id"]));
        Assert.Equal("morningai-0", (string?)overview["cluster"]!["silos"]![0]!["name"]);
        // Not on every address, which is the hosting package's way.
        var gateway = int.Parse(silo.Gateway.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(["127.0.0.1"], IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(e => e.Port == gateway).Select(e => e.Address.ToString()));
        var task = await silo.End((await silo.Submit(new { kind = "echo", payload = 1 }))!, Limit);
        Assert.Equal("succeeded", (string?)task["status"]);
        await Deadline.Until("it says that it does not watch pods", Limit, () => Task.FromResult(silo.Process.Errors.Contains("Pods are not watched", StringComparison.Ordinal)), () => silo.Process.Errors);

        silo.Process.Signal("TERM");
        Assert.Equal(0, await silo.Process.WaitForExit(Limit));
    }
}
