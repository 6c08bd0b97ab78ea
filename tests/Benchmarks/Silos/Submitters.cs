using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MorningAI.Client;
using MorningAI.Intake;
using MorningAI.Tests.Harness;

namespace MorningAI.Tests.Benchmarks.Silos;

/// <summary>The client library in this process, with a silo in another one.</summary>
internal static class Submitters
{
    private const int Page = 20_000;

    public static async Task<IHost> Connect(string gateway)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.AddMorningAIClient(o => o.Gateways = [gateway]);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public static async Task Submit(IHost host, string kind, object payload, int count, Action<int>? progress = null)
    {
        var tasks = host.Services.GetRequiredService<ITaskClient>();
        for (var done = 0; done < count; done += Page)
        {
            var page = Math.Min(Page, count - done);
            var outcomes = await tasks.SubmitMany(kind, Enumerable.Repeat(payload, page));
            if (outcomes.FirstOrDefault(o => o is not TaskAccepted) is { } other)
                throw new InvalidOperationException($"A task was not accepted: {other}");
            progress?.Invoke(done + page);
        }
    }
}
