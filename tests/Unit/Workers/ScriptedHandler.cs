using Microsoft.Extensions.DependencyInjection;
using MorningAI.Handlers;
using Orleans.Serialization;

namespace MorningAI.Tests.Unit.Workers;

internal sealed record ScriptedPayload(string Text);

/// <summary>What the handler does, chosen by the test.</summary>
internal delegate Task<string> Script(ScriptedPayload payload, ITaskContext context);

internal sealed class ScriptedHandler(Script script) : ITaskHandler<ScriptedPayload, string>
{
    public Task<string> Handle(ScriptedPayload payload, ITaskContext context) => script(payload, context);

    public static ServiceProvider Services(Script script, Action<HandlerOptions>? configure = null) => new ServiceCollection()
        .AddSingleton(script)
        .AddSerializer()
        .AddTaskHandler<ScriptedHandler>(Given.Kind.Value, configure)
        .BuildServiceProvider();
}
