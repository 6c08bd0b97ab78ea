using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Cluster;
using MorningAI.Cluster.Membership;
using MorningAI.Storage;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace MorningAI.Hosting;

public static class MembershipRegistration
{
    /// <summary>Lets the membership outlive its store. Call it after the stock provider's registration, which it wraps.</summary>
    public static ISiloBuilder AddDurableMembership(this ISiloBuilder silo, Action<MembershipOptions> configure)
    {
        var stock = silo.Services.Last(s => s.ServiceType == typeof(IMembershipTable));
        silo.Services.Remove(stock);
        silo.Services.Configure(configure);
        silo.Services.AddSingleton<IMembershipTable>(provider =>
        {
            var cluster = provider.GetRequiredService<IOptions<ClusterOptions>>().Value;
            var options = provider.GetRequiredService<IOptions<MembershipOptions>>().Value;
            var time = provider.GetRequiredService<TimeProvider>();
            var logger = provider.GetRequiredService<ILogger<DurableMembershipTable>>();
            var rows = new RedisMembershipRows(provider.GetRequiredService<StoreConnection>(), RedisMembershipRows.KeyOf(cluster.ServiceId, cluster.ClusterId));
            var last = new LastMembers(options.File, cluster.ClusterId);
            var membership = new Lazy<IClusterMembershipService>(provider.GetRequiredService<IClusterMembershipService>); // which needs the table
            return new DurableMembershipTable(
                (IMembershipTable)stock.ImplementationFactory!(provider),
                rows,
                new MembershipStart(rows, provider.GetService<BlankTable>() ?? BlankTable.Watch(rows, time), options, last, time, logger),
                last,
                provider.GetRequiredService<StoreHealth>(),
                provider.GetRequiredService<IOptions<DurableStorageOptions>>().Value,
                provider.GetRequiredService<ILocalSiloDetails>(),
                new Lazy<AbsentJournals>(provider.GetRequiredService<AbsentJournals>),
                () => membership.Value.CurrentSnapshot.Version.Value,
                version => membership.Value.Refresh(new MembershipVersion(version)).AsTask(),
                time,
                logger);
        });
        return silo;
    }

    /// <summary>Empties the table. For a store that only one silo can use: who is in it are earlier lives of that one.</summary>
    public static Task ForgetMembers(this StoreConnection store, string serviceId, string clusterId) =>
        store.Database.KeyDeleteAsync(RedisMembershipRows.KeyOf(serviceId, clusterId));
}
