using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;

namespace MorningAI.Hosting;

public static class JournalRegistration
{
    /// <summary>The silo's journal, opened when it is first asked for: <see cref="JournalException"/> where it cannot be.</summary>
    /// <param name="path">Of its file.</param>
    public static IServiceCollection AddJournal(this IServiceCollection services, string path, JournalIdentity identity)
    {
        services.AddSingleton(provider =>
        {
            var health = provider.GetRequiredService<StoreHealth>();
            return SqliteJournal.Open(
                path,
                identity,
                provider.GetRequiredService<IOptions<JournalOptions>>().Value,
                () => health.State == StoreState.Healthy,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<SqliteJournal>>());
        });
        services.AddSingleton<NoJournal>();
        services.AddSingleton<IJournal>(static provider => IsEnabled(provider) ? provider.GetRequiredService<SqliteJournal>() : provider.GetRequiredService<NoJournal>());
        services.AddSingleton<IJournalGauge>(static provider => IsEnabled(provider) ? provider.GetRequiredService<SqliteJournal>() : provider.GetRequiredService<NoJournal>());
        return services;
    }

    private static bool IsEnabled(IServiceProvider provider) => provider.GetRequiredService<IOptions<JournalOptions>>().Value.Enabled;
}
