using MorningAI.Cli.Bench.Load;
using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Tests.Unit.Benching;

public sealed class StageTests
{
    [Fact]
    public void Field_OfInfo_NumberOrZero()
    {
        const string info = "# Stats\r\ntotal_commands_processed:42\r\ntotal_net_input_bytes:7\r\n";

        Assert.Equal((42, 0), (RedisUse.Field(info, "total_commands_processed"), RedisUse.Field(info, "total_commands")));
    }

    [Fact]
    public void Parse_Starts_MicrosecondsBetween() =>
        Assert.Equal([1.5, 2000], StartLog.Parse("1000 2500\n5000000 7000000\n"));

    [Fact]
    public void Payloads_AnySize_HaveIt()
    {
        Assert.Equal(Payloads.MinBytes, Payloads.Plain(Payloads.MinBytes).Length);
        Assert.Equal(Payloads.MinBytes, Payloads.Sampled(long.MaxValue, Payloads.MinBytes).Length);
        Assert.StartsWith("s17.xxx", Payloads.Sampled(17, 200));
    }

    [Fact]
    public void ProcessTree_AChildHasEnded_ItsTimeIsInItsParents()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere children are not counted.");
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", "bash -c 'for ((i = 0; i < 300000; i++)); do :; done'; echo done; read -r"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        Assert.Equal("done", shell.StandardOutput.ReadLine());
        var all = ProcessTree.ProcessorTime(shell.Id);
        var own = shell.TotalProcessorTime;
        shell.StandardInput.WriteLine();
        Assert.True(shell.WaitForExit(Given.Patience));
        Assert.True(all > own, $"{all} of it and its child, {own} of its own");
    }

    [Fact]
    public void ProcessTree_ThisProcess_HasUsedTimeAndMemory()
    {
        Assert.True(ProcessTree.ProcessorTime(Environment.ProcessId) > TimeSpan.Zero);
        Assert.True(ProcessTree.ResidentBytes(Environment.ProcessId) > 0);
    }
}
