using MorningAI.Queues;

namespace MorningAI.Silo.Chaos;

/// <summary>The kind by which <c>morningai chaos</c> judges a silo; no other silo has it.</summary>
public static class ChaosLedgerRegistration
{
    /// <summary>Names the folder that executions are written to. Not set: the kind does not exist.</summary>
    public const string FolderVariable = "MORNINGAI_CHAOS_LEDGER";

    public const string Kind = "ledger";

    public const string Queue = "chaos";

    public static IServiceCollection AddChaosLedger(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[FolderVariable] is not { Length: > 0 } folder)
            return services;
        if (!Directory.Exists(folder))
            throw new SiloStartException($"{FolderVariable} names {folder}, which is not a folder: make it, or unset the variable (it is for 'morningai chaos').");

        services.AddSingleton(provider => new ExecutionLedger(folder, provider.GetRequiredService<TimeProvider>()));
        return services.AddTaskHandler<LedgerHandler>(Kind, o =>
        {
            o.Queue = QueueName.Parse(Queue);
            o.Description = "Writes what it does to the ledger of a chaos run.";
        });
    }
}
