using System.Text.Json;

namespace MorningAI.Handlers.BuiltIn;

/// <param name="Message">What the attempt fails with; null for a fixed one.</param>
public sealed record FailPayload(string? Message = null);

/// <summary>Kind <c>fail</c>: every attempt fails. For trying out retries and alerts.</summary>
public sealed class FailHandler : ITaskHandler<FailPayload, JsonElement>
{
    public const string Code = "failed_on_purpose";

    public Task<JsonElement> Handle(FailPayload payload, ITaskContext context) =>
        throw new TaskFailedException(Code, payload.Message ?? "This task fails on purpose.");
}
