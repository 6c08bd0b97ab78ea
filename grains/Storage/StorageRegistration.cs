using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MorningAI.Storage;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;

namespace MorningAI.Hosting;

public static class StorageRegistration
{
    /// <summary>Completes when what an earlier life of this silo journaled is in the store.</summary>
    public static Task StorageCaughtUp(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<DurableRecords>().WhenCaughtUp(cancellationToken);

    /// <summary>The one storage of all grains, on an open connection to its store.</summary>
    public static ISiloBuilder AddDurableStorage(this ISiloBuilder silo, StoreConnection connection, Action<DurableStorageOptions> configure)
    {
        silo.Services.AddSingleton(connection);
        silo.Services.Configure(configure);
        silo.Services.AddSingleton<StoreHealth>();
        silo.Services.TryAddSingleton(StoreCalls.Plain);
        silo.Services.AddSingleton<StorageMetrics>();
        silo.Services.AddSingleton<PeerJournals>();
        silo.Services.AddSingleton<DurableRecords>();
        silo.Services.AddSingleton<IDurableRecords>(static s => s.GetRequiredService<DurableRecords>());
        silo.Services.AddGrainStorage(DurableStorage.Name, static (services, _) => ActivatorUtilities.CreateInstance<DurableStorage>(services));
        return silo;
    }
}
