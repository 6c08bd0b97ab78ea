using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI;
using MorningAI.Client;
using MorningAI.Sample;
using MorningAI.Tasks;

// Exit codes: 0 both tasks succeeded, 1 one did not, 2 wrong arguments, 3 no cluster or no answer in time.
if (Arguments.TryParse(args) is not { } asked)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Error).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.AddMorningAIClient(options =>
{
    options.Redis = asked.Redis;
    options.Gateways = asked.Gateway is { } gateway ? [gateway] : [];
    options.ConnectTimeout = asked.Timeout;
});

using var timeout = new CancellationTokenSource(asked.Timeout);
try
{
    using var host = builder.Build();
    await host.StartAsync();
    var tasks = host.Services.GetRequiredService<ITaskClient>();
    await Run(tasks, "echo", new { Text = "hello from a stranger" }, timeout.Token);
    await Run(tasks, "faq", new { Question = "How does MorningAI survive a Redis outage?" }, timeout.Token);
    await host.StopAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (Exception e) when (e is TaskRefusedException or TaskFailedException or TaskCancelledException or TaskNotFoundException)
{
    Console.Error.WriteLine($"{e.GetType().Name}: {e.Message}");
    return 1;
}
catch (Exception e) when (e is StoreUnavailableException or SubmitUncertainException or OperationCanceledException)
{
    Console.Error.WriteLine(e is OperationCanceledException ? $"No result within {asked.Timeout.TotalSeconds} s." : e.Message);
    return 3;
}

static async Task Run(ITaskClient tasks, string kind, object payload, CancellationToken cancellationToken)
{
    var receipt = await tasks.Submit(kind, payload, cancellationToken: cancellationToken);
    Console.WriteLine($"{kind}: {receipt.TaskId} {receipt.Status.WireName()}, safe in {receipt.Durability}, trace {receipt.TraceId}");
    await foreach (var task in tasks.Watch(receipt.TaskId, cancellationToken))
        Console.WriteLine($"{kind}: {task.State.WireName()}, attempt {task.Attempt}{(task.Progress is { } progress ? $", {progress.Fraction:P0} {progress.Message}" : "")}");
    var result = await tasks.Wait<JsonElement>(receipt.TaskId, cancellationToken);
    Console.WriteLine($"{kind}: {result.GetRawText()}");
}
