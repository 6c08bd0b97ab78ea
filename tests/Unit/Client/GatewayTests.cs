using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Client;
using MorningAI.Client.Cluster;
using Xunit;

namespace MorningAI.Tests.Unit.Client;

public class GatewayTests
{
    private readonly FakeSource _source = new();

    [Fact]
    public async Task GetGateways_SourceFailsOrIsEmptyLater_ServesTheLastKnown()
    {
        var gateways = new RememberedGateways(_source, TimeSpan.FromSeconds(10), NullLogger<RememberedGateways>.Instance);
        _source.Answer = () => [new Uri("gwy.tcp://127.0.0.1:1/0")];
        var known = await gateways.GetGateways();
        _source.Answer = () => throw new IOException("away");
        Assert.Equal(known, await gateways.GetGateways());
        _source.Answer = () => [];
        Assert.Equal(known, await gateways.GetGateways());
        _source.Answer = () => [new Uri("gwy.tcp://127.0.0.1:2/0")];
        Assert.Equal(2, Assert.Single(await gateways.GetGateways()).Port);
    }

    [Fact]
    public async Task GetGateways_SourceFailsFirst_Throws()
    {
        _source.Answer = () => throw new IOException("away");
        await Assert.ThrowsAsync<IOException>(new RememberedGateways(_source, TimeSpan.FromSeconds(10), NullLogger<RememberedGateways>.Instance).GetGateways);
    }

    [Fact]
    public async Task ShouldRetryConnectionAttempt_TimeIsOver_ThrowsWhatToMend()
    {
        var time = new FakeTimeProvider();
        var patience = Patience(time, TimeSpan.FromSeconds(10));
        var first = patience.ShouldRetryConnectionAttempt(new IOException("refused"), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await first);
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => patience.ShouldRetryConnectionAttempt(new IOException("refused"), TestContext.Current.CancellationToken));
        Assert.Contains("fake:1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("refused", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShouldRetryConnectionAttempt_NoLimit_RetriesAfterDays()
    {
        var time = new FakeTimeProvider();
        var patience = Patience(time, Timeout.InfiniteTimeSpan);
        for (var day = 0; day < 3; day++)
        {
            var retry = patience.ShouldRetryConnectionAttempt(new IOException("refused"), TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromDays(1));
            Assert.True(await retry);
        }
    }

    [Fact]
    public void RetryBackoff_Any_GrowsWithinItsBounds() => Gen.Select(Gen.Int[1, 10_000], Gen.Double[0, 1]).Sample((failures, chance) =>
    {
        var pause = RetryBackoff.After(failures, chance);
        return pause >= RetryBackoff.First / 2 && pause <= RetryBackoff.Longest && RetryBackoff.After(failures + 1, chance) >= pause;
    });

    private PatientConnect Patience(TimeProvider time, TimeSpan limit) => new(
        _source, Options.Create(new MorningAIClientOptions { ConnectTimeout = limit }), time, NullLogger<PatientConnect>.Instance);

    private sealed class FakeSource : IGatewaySource
    {
        public Func<IList<Uri>> Answer = () => [];

        public string Description => "fake:1";

        public Task<IList<Uri>> Find() => Task.Run(Answer);
    }
}
