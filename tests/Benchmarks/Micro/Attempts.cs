using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MorningAI.Handlers;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Serialization;

namespace MorningAI.Tests.Benchmarks.Micro;

/// <summary>One attempt of a handler that does nothing, as the worker runs it.</summary>
public class Attempts
{
    private readonly AttemptBegun _begun = (AttemptBegun)TaskRules.Begun(TaskRules.Begin(Samples.Queued() with { Payload = "{}"u8.ToArray() }, Samples.Worker(1), Samples.Now), []);
    private readonly TaskId _id = Samples.NewId();
    private ServiceProvider _services = null!;
    private AttemptExecutor _executor = null!;

    [GlobalSetup]
    public void Begin()
    {
        _services = new ServiceCollection().AddSerializer().AddTaskHandler<NoOp>("echo").BuildServiceProvider();
        _executor = new AttemptExecutor(
            _services.GetRequiredService<HandlerRegistry>(),
            _services.GetRequiredService<IServiceScopeFactory>(),
            Options.Create(new WorkerOptions()),
            TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    [GlobalCleanup]
    public void End() => _services.Dispose();

    [Benchmark]
    public Task<AttemptResult> Execute() =>
        _executor.Execute(new HeldTask(_id, default, acceptedAt: 0), _begun, static _ => { }, static _ => Task.CompletedTask, static _ => Task.FromResult(true));

    private sealed record Nothing;

    private sealed class NoOp : ITaskHandler<Nothing, bool>
    {
        public Task<bool> Handle(Nothing payload, ITaskContext context) => Task.FromResult(true);
    }
}
