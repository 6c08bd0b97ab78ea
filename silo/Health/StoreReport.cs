using MorningAI.Silo.Api;
using MorningAI.Storage;

namespace MorningAI.Silo.Health;

/// <summary>The silo's opinion of its store, for people.</summary>
internal sealed class StoreReport(StoreConnection connection, StoreHealth health, SiloPlan plan)
{
    public StoreResponse Describe() => new(
        plan.Redis is null ? "embedded" : "redis",
        health.State.ToString().ToLowerInvariant(),
        string.Join(", ", connection.Multiplexer.GetEndPoints().Select(e => e.ToString())),
        health.Latency?.TotalMilliseconds,
        health.LastAnswerAt,
        health.Fault == StoreFault.None ? null : health.Fault.Describe());
}
