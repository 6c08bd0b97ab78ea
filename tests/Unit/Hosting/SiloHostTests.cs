using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MorningAI.Silo;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Hosting;

/// <summary>A silo that is told to end in the middle of its start.</summary>
public sealed class SiloHostTests : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Part _part;

    public SiloHostTests() => _part = new Part(_end);

    /// <summary>It has work under way, and the others must take down what it did.</summary>
    [Fact]
    public async Task Start_ToldToEndOnceItHasJoined_StopsInOrder()
    {
        using var host = Host(SiloStatus.Active);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SiloHost.Start(host, _end.Token).InTime());
        Assert.True(_part.Drained);
    }

    [Fact]
    public async Task Start_ToldToEndBeforeItHasJoined_HasNothingToDrain()
    {
        using var host = Host(SiloStatus.Joining);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SiloHost.Start(host, _end.Token).InTime());
        Assert.False(_part.Drained);
    }

    public void Dispose() => _end.Dispose();

    private IHost Host(SiloStatus status)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(Stand.In<ISiloStatusOracle>((_, _) => status));
        builder.Services.AddHostedService(_ => _part);
        return builder.Build();
    }

    /// <summary>As the worker: it begins when everything has started, and drains before anything stops.</summary>
    private sealed class Part(CancellationTokenSource end) : IHostedLifecycleService
    {
        public bool Drained { get; private set; }

        public async Task StartedAsync(CancellationToken cancellationToken)
        {
            await end.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            Drained = true;
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
