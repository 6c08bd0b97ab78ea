using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Silo;
using Orleans;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Hosting;

public sealed class StartedLastTests : IDisposable
{
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly ServiceCollection _services = [];
    private readonly Part _part = new();
    private readonly Said _said = new();

    public StartedLastTests() => _services.AddSingleton<IHostApplicationLifetime>(_lifetime).AddSingleton<ILogger<LateStart>>(_said);

    public void Dispose() => _lifetime.StopApplication();

    [Fact]
    public async Task StartLast_HostedService_BeginsOnceTheSiloIsReady()
    {
        var service = Resolve<IHostedService>(() => _services.AddHostedService(_ => _part));
        await service.StartAsync(TestContext.Current.CancellationToken).InTime();
        Assert.False(_part.Begun.IsCompleted);

        _lifetime.NotifyStarted();
        await _part.Begun.InTime();
        await service.StopAsync(TestContext.Current.CancellationToken).InTime();
        Assert.True(_part.HasStopped);
    }

    [Fact]
    public async Task StartLast_ParticipantOfTheLifecycle_BeginsOnceTheSiloIsReady()
    {
        var participant = Resolve<ILifecycleParticipant<ISiloLifecycle>>(() => _services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(_part));
        var lifecycle = new Lifecycle();
        participant.Participate(lifecycle);
        await lifecycle.Observer!.OnStart(TestContext.Current.CancellationToken).InTime();
        Assert.False(_part.Begun.IsCompleted);

        _lifetime.NotifyStarted();
        await _part.Begun.InTime();
        await lifecycle.Observer.OnStop(TestContext.Current.CancellationToken).InTime();
        Assert.True(_part.HasStopped);
    }

    [Fact]
    public async Task StartLast_OneThatCannotStart_IsLoggedAndTheSiloGoesOn()
    {
        _part.Fault = new InvalidOperationException("no port left");
        var service = Resolve<IHostedService>(() => _services.AddHostedService(_ => _part));
        await service.StartAsync(TestContext.Current.CancellationToken).InTime();
        _lifetime.NotifyStarted();
        await _part.Begun.InTime();

        await service.StopAsync(TestContext.Current.CancellationToken).InTime();
        Assert.Equal(["Part could not be started: no port left"], _said.Lines);
    }

    [Fact]
    public async Task StartLast_ToldToEndInTheMiddle_SaysNothing()
    {
        _part.Lasts = true;
        var service = Resolve<IHostedService>(() => _services.AddHostedService(_ => _part));
        await service.StartAsync(TestContext.Current.CancellationToken).InTime();
        _lifetime.NotifyStarted();
        await _part.Begun.InTime();

        _lifetime.StopApplication();
        await service.StopAsync(TestContext.Current.CancellationToken).InTime();
        Assert.Empty(_said.Lines);
    }

    [Fact]
    public void StartLast_WhatWasThereBefore_IsLeftAlone()
    {
        _services.AddSingleton<IHostedService>(_part);
        _services.StartLast(() => { });
        Assert.Same(_part, _services.BuildServiceProvider().GetRequiredService<IHostedService>());
    }

    private T Resolve<T>(Action add)
        where T : notnull
    {
        _services.StartLast(add);
        return _services.BuildServiceProvider().GetRequiredService<T>();
    }

    private sealed class Part : IHostedService, ILifecycleParticipant<ISiloLifecycle>
    {
        private readonly TaskCompletionSource _begun = new();

        public Task Begun => _begun.Task;

        public bool HasStopped { get; private set; }

        public Exception? Fault { get; set; }

        public bool Lasts { get; set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _begun.TrySetResult();
            return Fault is not null ? Task.FromException(Fault) : Lasts ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            HasStopped = true;
            return Task.CompletedTask;
        }

        public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe("part", ServiceLifecycleStage.Active, StartAsync, StopAsync);
    }

    private sealed class Lifecycle : ISiloLifecycle
    {
        public ILifecycleObserver? Observer { get; private set; }

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            Observer = observer;
            return new MemoryStream();
        }
    }

    private sealed class Said : ILogger<LateStart>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
