using MorningAI.Cli;
using MorningAI.Cli.Display;

namespace MorningAI.Tests.Unit.Cli;

public sealed class LatencyCommandTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Latency_Report_ShowsPartsAndTheLargest()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /ops/latency", 200, """
            {"silo":"s1","minutes":5,"parts":[{"name":"waiting","what":"submitted, until","count":3,"mean_ms":12.34,"p50_ms":0.85,"p99_ms":4100},{"name":"store","what":"its end","count":0}],
             "details":[{"name":"slot","what":"of waiting","count":0}],"largest":"waiting","advice":"Start another silo."}
            """);

        var said = await _cli.Run(silo, "latency");

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Error));
        foreach (var expected in new[] { "silo s1, the last 5 minutes", "waiting              3   12.3 ms    850 µs     4.1 s  submitted, until", "largest: waiting. Start another silo." })
            Assert.Contains(expected, said.Out, StringComparison.Ordinal);
        Assert.Single((await _cli.Run(silo, "latency", "--json")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(0.0, "0 µs")]
    [InlineData(99.96, "100 ms")]
    [InlineData(250.4, "250 ms")]
    [InlineData(61_000.0, "61 s")]
    public void Time_AnyLength_HasThreeDigitsAndAUnit(double? ms, string expected) => Assert.Equal(expected, LatencyText.Time(ms));
}
