using Microsoft.Extensions.DependencyInjection;
using MorningAI.Storage;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;

namespace MorningAI.Hosting;

public static class StorageRegistration
{
    /// <summary>The one storage of all grains, on an open connection to its store.</summary>
    public static ISiloBuilder AddDurableStorage(this ISiloBuilder silo, StoreConnection connection, Action<DurableStorageOptions> configure)
    {
        silo.Services.AddSingleton(connection);
        silo.Services.Configure(configure);
        silo.Services.AddSingleton<StoreHealth>();
        silo.Services.AddSingleton<PeerJournals>();
        silo.Services.AddSingleton<IDurableRecords, DurableRecords>();
        silo.Services.AddGrainStorage(DurableStorage.Name, static (services, _) => ActivatorUtilities.CreateInstance<DurableStorage>(services));
        return silo;
    }
}
