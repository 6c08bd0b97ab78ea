using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>The client library as a stranger gets it: packed, restored from a feed, in a program that knows nothing of this checkout.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task Sample_FromPackedPackage_SubmitsWatchesAndReads()
    {
        using var scratch = new Scratch();
        await using var silo = await SiloProcess.Start(scratch.At("data"));
        await using var sample = ChildProcess.Start(Path.Combine(Repository.Root, "client", "Sample", "run.sh"), [silo.Gateway, "60"]);
        var exit = await sample.WaitForExit(TimeSpan.FromMinutes(5));

        Assert.True(exit == 0, sample.Output + sample.Errors);
        Assert.Contains("succeeded", sample.Output, StringComparison.OrdinalIgnoreCase);
    }
}
