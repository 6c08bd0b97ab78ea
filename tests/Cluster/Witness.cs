using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Handlers;

namespace MorningAI.Tests.Cluster;

/// <summary>Sees what handlers do, from outside the system, and lets them go on when a test says so.</summary>
public sealed class Witness
{
    public ConcurrentQueue<string> Ran { get; } = new();

    /// <summary>Held handlers wait for it.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Blocked handlers wait for it with their thread.</summary>
    public ManualResetEventSlim Block { get; } = new();

    public int Blocked;

    public static void Register(IServiceCollection services, Witness witness)
    {
        services.AddSingleton(witness);
        services.AddTaskHandler<Note>("note");
        services.AddTaskHandler<Hold>("hold");
        services.AddTaskHandler<BlockThread>("block");
        services.AddTaskHandler<Steps>("steps");
        services.AddTaskHandler<Flaky>("flaky");
    }

    /// <summary>Writes its payload down.</summary>
    internal sealed class Note(Witness witness) : ITaskHandler<JsonElement, JsonElement>
    {
        public Task<JsonElement> Handle(JsonElement payload, ITaskContext context)
        {
            witness.Ran.Enqueue(payload.ToString());
            return Task.FromResult(payload);
        }
    }

    /// <summary>Writes its payload down and waits for the gate, whatever its token says.</summary>
    internal sealed class Hold(Witness witness) : ITaskHandler<JsonElement, JsonElement>
    {
        public async Task<JsonElement> Handle(JsonElement payload, ITaskContext context)
        {
            witness.Ran.Enqueue(payload.ToString());
            await witness.Gate.Task;
            return payload;
        }
    }

    /// <summary>Fails so many attempts, written down with their numbers, and then succeeds.</summary>
    internal sealed class Flaky(Witness witness) : ITaskHandler<int, int>
    {
        public Task<int> Handle(int failures, ITaskContext context)
        {
            witness.Ran.Enqueue($"attempt {context.Attempt}");
            return context.Attempt > failures ? Task.FromResult(context.Attempt) : throw new InvalidOperationException($"Attempt {context.Attempt} breaks.");
        }
    }

    /// <summary>Three steps, each written down; waits for the gate before the last.</summary>
    internal sealed class Steps(Witness witness) : ITaskHandler<JsonElement, int[]>
    {
        public async Task<int[]> Handle(JsonElement payload, ITaskContext context)
        {
            var one = await context.Step("one", _ => Note(1));
            var two = await context.Step("two", _ => Note(2));
            await witness.Gate.Task.WaitAsync(context.CancellationToken);
            return [one, two, await context.Step("three", _ => Note(3))];
        }

        private Task<int> Note(int step)
        {
            witness.Ran.Enqueue($"step {step}");
            return Task.FromResult(step);
        }
    }

    /// <summary>The worst there is: holds its thread and does not listen.</summary>
    internal sealed class BlockThread(Witness witness) : ITaskHandler<JsonElement, JsonElement>
    {
        public Task<JsonElement> Handle(JsonElement payload, ITaskContext context)
        {
            Interlocked.Increment(ref witness.Blocked);
            witness.Block.Wait();
            return Task.FromResult(payload);
        }
    }
}
