using System.Reflection;

namespace MorningAI.Silo;

internal sealed class SiloFacts(TimeProvider time)
{
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public string Version { get; } = typeof(SiloFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
