using System.Globalization;
using MorningAI.Queues;
using Orleans.Hosting;

namespace MorningAI.Silo.Chaos;

/// <summary>The kind and the reminders by which <c>morningai chaos</c> judges a silo; no other silo has them.</summary>
public static class ChaosLedgerRegistration
{
    /// <summary>Names the folder that executions are written to. Not set: the kind does not exist.</summary>
    public const string FolderVariable = "MORNINGAI_CHAOS_LEDGER";

    /// <summary>How many reminders this silo sets up when it starts. Not set: 0.</summary>
    public const string RemindersVariable = "MORNINGAI_CHAOS_REMINDERS";

    public const string Kind = "ledger";

    public const string Queue = "chaos";

    public static IServiceCollection AddChaosLedger(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[FolderVariable] is not { Length: > 0 } folder)
            return services;
        if (!Directory.Exists(folder))
            throw new SiloStartException($"{FolderVariable} names {folder}, which is not a folder: make it, or unset the variable (it is for 'morningai chaos').");

        services.AddSingleton(provider => new ExecutionLedger(folder, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new MixedLedger(folder, provider.GetRequiredService<TimeProvider>()));
        services.AddTaskHandler<MixedHandler>(MixedHandler.Kind, o =>
        {
            o.Queue = QueueName.Parse(MixedHandler.Kind);
            o.Description = "The mixed load of a chaos run.";
        });
        services.AddReminderWitnesses(folder, configuration);
        return services.AddTaskHandler<LedgerHandler>(Kind, o =>
        {
            o.Queue = QueueName.Parse(Queue);
            o.Description = "Writes what it does to the ledger of a chaos run.";
        });
    }

    private static void AddReminderWitnesses(this IServiceCollection services, string folder, IConfiguration configuration)
    {
        services.AddSingleton(provider => new ReminderLedger(folder, provider.GetRequiredService<TimeProvider>()));
        services.Configure<ReminderOptions>(o =>
        {
            o.MinimumReminderPeriod = ReminderWitnessGrain.Period;
            o.RefreshReminderListPeriod = ReminderWitnessGrain.Period; // what the table has lost is lost at the next look: within a short run
        });
        if (int.TryParse(configuration[RemindersVariable], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<ReminderWitnesses>(provider, count));
    }
}
