using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Cluster.Reminders;
using MorningAI.Storage;
using Orleans.Configuration;
using Orleans.Hosting;

namespace MorningAI.Hosting;

public static class ReminderRegistration
{
    /// <summary>
    /// Ten minutes by default: a reminder that is due later is left to the table, and loaded when its time comes nearer. A
    /// day: nothing that is loaded is dropped because of an outage. See
    /// <see href="https://learn.microsoft.com/dotnet/api/orleans.hosting.reminderoptions"/>; its remarks say to raise it
    /// for longer outages of the table.
    /// </summary>
    private static readonly TimeSpan LoadingWindow = TimeSpan.FromDays(1);

    /// <summary>Five minutes by default. A silo that takes over another's reminders has rows that the table lost for a moment within this time.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    /// <summary>Lets the reminders outlive their store. Call it after the stock provider's registration, which it wraps. Needs the storage (<see cref="StorageRegistration.AddDurableStorage"/>).</summary>
    public static ISiloBuilder AddDurableReminders(this ISiloBuilder silo)
    {
        var stock = silo.Services.Last(s => s.ServiceType == typeof(IReminderTable));
        silo.Services.Remove(stock);
        silo.Services.AddSingleton<ReminderMetrics>();
        silo.Configure<ReminderOptions>(o =>
        {
            (o.ReminderLoadingWindow, o.RefreshReminderListPeriod) = (LoadingWindow, Refresh);
            o.InitializationTimeout = Timeout.InfiniteTimeSpan; // a silo that starts in an outage waits, however long it lasts
        });
        silo.Services.AddSingleton<IReminderTable>(provider =>
        {
            var cluster = provider.GetRequiredService<IOptions<ClusterOptions>>().Value;
            var options = provider.GetRequiredService<IOptions<DurableStorageOptions>>().Value;
            var time = provider.GetRequiredService<TimeProvider>();
            var logger = provider.GetRequiredService<ILogger<DurableReminderTable>>();
            return new DurableReminderTable(
                (IReminderTable)ActivatorUtilities.CreateInstance(provider, stock.ImplementationType!),
                new RedisReminderRows(provider.GetRequiredService<StoreConnection>(), $"{cluster.ServiceId}/reminders", options.Patience, time, logger),
                provider.GetRequiredService<IDurableRecords>(),
                cancellationToken => provider.GetRequiredService<DurableRecords>().Kept(ReminderRecords.Tag, cancellationToken),
                provider.GetRequiredService<StoreHealth>(),
                options,
                provider.GetRequiredService<ReminderMetrics>(),
                time,
                logger);
        });
        return silo;
    }
}
