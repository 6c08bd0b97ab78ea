using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MorningAI.Client;
using MorningAI.Client.Cluster;
using Xunit;

namespace MorningAI.Tests.Unit.Client;

public class OptionsTests
{
    [Fact]
    public void Validate_Defaults_AreGood() => Assert.Empty(Faults(_ => { }));

    [Fact]
    public void Validate_BothAddresses_SaysSetOne() =>
        Assert.Contains("set one of them", Fault(o => (o.Redis, o.Gateways) = ("redis://cache", ["a:1"])), StringComparison.Ordinal);

    [Fact]
    public void Validate_BadRedis_NamesTheFaultWithoutThePassword()
    {
        var fault = Fault(o => o.Redis = "redis://:hunter2@cache:x");
        Assert.Contains("port", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cache")]
    [InlineData("cache:")]
    [InlineData("cache:70000")]
    [InlineData("::1:30000")]
    [InlineData(":30000")]
    [InlineData("http://cache:30000")]
    public void Validate_BadGateway_ShowsOne(string gateway) =>
        Assert.Contains("silo-1:30000", Fault(o => o.Gateways = [gateway]), StringComparison.Ordinal);

    [Fact]
    public void Validate_ManyFaults_NamesAll()
    {
        var faults = Faults(o => (o.ClusterId, o.SubmitTimeout, o.MaxBatch, o.ConnectTimeout) = ("", TimeSpan.Zero, 0, TimeSpan.FromSeconds(-5)));
        Assert.Equal(4, faults.Length);
        Assert.Contains(faults, f => f.Contains("ClusterId", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("SubmitTimeout is 00:00:00; set it above zero", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("MaxBatch is 0; set it from 1 to 4096", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("Timeout.InfiniteTimeSpan", StringComparison.Ordinal));
    }

    [Fact]
    public void GatewayAddress_Written_IsReadAgain()
    {
        foreach (var text in new[] { "silo-1:30000", "10.0.0.1:1", "[::1]:65535" })
            Assert.True(GatewayAddress.TryParse(text, out var address) && address.ToString() == text, text);
    }

    [Fact]
    public async Task StartAsync_BadOptions_FailsBeforeAnythingConnects()
    {
        using var host = Build(o => o.Gateways = ["nonsense"]);
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("'nonsense' is not host:port", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddMorningAIClient_Twice_ConfiguresOneClientFromSectionAndDelegates()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("MorningAI:ClusterId", "blue"), new("MorningAI:Gateways:0", "a:1"), new("MorningAI:MaxBatch", "7")]);
        builder.AddMorningAIClient(o => o.MaxBatch = 8);
        builder.Services.AddMorningAIClient(o => o.ServiceId = "s");
        using var host = builder.Build();
        var options = host.Services.GetRequiredService<IOptions<MorningAIClientOptions>>().Value;
        Assert.Equal(("blue", "s", 8, "a:1"), (options.ClusterId, options.ServiceId, options.MaxBatch, Assert.Single(options.Gateways)));
        Assert.Single(host.Services.GetServices<ITaskClient>());
    }

    private static IHost Build(Action<MorningAIClientOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddMorningAIClient(configure);
        return builder.Build();
    }

    private static string Fault(Action<MorningAIClientOptions> configure) => Assert.Single(Faults(configure));

    private static string[] Faults(Action<MorningAIClientOptions> configure)
    {
        var options = new MorningAIClientOptions();
        configure(options);
        return [.. new MorningAIClientOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
