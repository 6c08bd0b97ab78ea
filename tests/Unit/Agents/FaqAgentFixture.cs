using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Agents.Faq;
using MorningAI.Tests.Unit.Handlers;

namespace MorningAI.Tests.Unit.Agents;

/// <summary>Builds the agent from settings, as a silo does.</summary>
internal static class FaqAgentFixture
{
    public static ServiceProvider Build(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => s.Value)).Build();
        return new ServiceCollection().AddLogging().AddFaqAgent(configuration).BuildServiceProvider();
    }

    public static async Task<FaqDocument> Ask(string question, TestTaskContext context, params (string Key, string? Value)[] settings)
    {
        await using var services = Build(settings);
        return await services.GetRequiredService<FaqHandler>().Handle(new FaqPayload(question), context);
    }
}
