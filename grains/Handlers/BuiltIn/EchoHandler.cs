using System.Text.Json;

namespace MorningAI.Handlers.BuiltIn;

/// <summary>Kind <c>echo</c>: its result is its payload.</summary>
public sealed class EchoHandler : ITaskHandler<JsonElement, JsonElement>
{
    public Task<JsonElement> Handle(JsonElement payload, ITaskContext context) => Task.FromResult(payload);
}
