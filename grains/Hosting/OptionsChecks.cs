using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MorningAI.Alerts;
using MorningAI.Intake;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Hosting;

/// <summary>Settings are checked when the silo starts; a message says which one and what it takes.</summary>
internal static class OptionsChecks
{
    /// <summary>Timers of .NET go no further than 2^32 - 2 ms.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    public static void AddOptionsChecks(this IServiceCollection services)
    {
        services.AddOptions<QueueOptions>()
            .Validate(o => o.Partitions is >= 1 and <= PartitionId.MaxPartitions, $"MorningAI:Queues:Partitions must be 1 to {PartitionId.MaxPartitions}.")
            .Validate(o => o.PartitionsByQueue.All(p => QueueName.TryParse(p.Key, out _) && p.Value is >= 1 and <= PartitionId.MaxPartitions), $"MorningAI:Queues:PartitionsByQueue must map queue names to 1 to {PartitionId.MaxPartitions}.")
            .Validate(o => o.MaxPush is >= 1 and <= 10_000, "MorningAI:Queues:MaxPush must be 1 to 10000.")
            .Validate(o => IsPeriod(o.Tick) && IsPeriod(o.Sweep) && IsPeriod(o.Patience), "MorningAI:Queues: Tick, Sweep and Patience must be above zero and at most 49 days.")
            .ValidateOnStart();
        services.AddOptions<WorkerOptions>()
            .Validate(o => o.Concurrency is >= 1 and <= 100_000, "MorningAI:Workers:Concurrency must be 1 to 100000.")
            .Validate(o => o.Queues.TrueForAll(q => QueueName.TryParse(q, out _)), "MorningAI:Workers:Queues must name queues: 1 to 64 characters of a-z, 0-9, '_' and '-' each.")
            .Validate(o => o.Weights.All(w => QueueName.TryParse(w.Key, out _) && w.Value is >= 1 and <= 1000), "MorningAI:Workers:Weights must map queue names to 1 to 1000.")
            .Validate(o => IsPeriod(o.Beat) && IsPeriod(o.AbandonAfter) && o.DrainGrace >= TimeSpan.Zero && o.DrainGrace <= LongestTimer, "MorningAI:Workers: Beat and AbandonAfter must be above zero, DrainGrace not below, and none above 49 days.")
            .Validate(o => o.DeadMansSwitch >= TimeSpan.FromMinutes(1), "MorningAI:Workers:DeadMansSwitch must be at least 1 minute, as reminders must.")
            .Validate(o => o.StaleAfter > o.Beat && o.RemoveAfter > o.StaleAfter, "MorningAI:Workers: Beat must be below StaleAfter, and that below RemoveAfter.")
            .ValidateOnStart();
        services.AddOptions<IntakeOptions>()
            .Validate(o => o.MaxPayloadBytes is >= 1 and <= 64 * 1024 * 1024, "MorningAI:Intake:MaxPayloadBytes must be 1 to 67108864.")
            .Validate(o => o.MaxKeyLength is >= 1 and <= 4096, "MorningAI:Intake:MaxKeyLength must be 1 to 4096.")
            .Validate(o => IsPeriod(o.MaxTimeout), "MorningAI:Intake:MaxTimeout must be above zero and at most 49 days.")
            .ValidateOnStart();
        services.AddSingleton<AlertOptionsSetup>();
        services.AddSingleton<IPostConfigureOptions<AlertOptions>>(static s => s.GetRequiredService<AlertOptionsSetup>());
        services.AddSingleton<IValidateOptions<AlertOptions>>(static s => s.GetRequiredService<AlertOptionsSetup>());
        services.AddOptions<AlertOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsCheck>();
        services.AddOptions<LimitOptions>().ValidateOnStart();
        services.AddOptions<RetentionOptions>()
            .Validate(o => o.Limits().All(l => l.Kept >= RetentionOptions.Least), $"MorningAI:Retention: Succeeded, Failed, Cancelled and Dead must be at least {RetentionOptions.Least}, or empty for ever.")
            .Validate<IOptions<JournalOptions>>((o, journal) => o.Limits().All(l => l.Kept >= journal.Value.Window + TimeSpan.FromMinutes(5)), "MorningAI:Retention: Succeeded, Failed, Cancelled and Dead must be at least 5 minutes above MorningAI:Journal:Window, or a journal would bring back what was removed.")
            .Validate(o => IsPeriod(o.Every), "MorningAI:Retention:Every must be above zero and at most 49 days.")
            .ValidateOnStart();
        services.AddOptions<JournalOptions>()
            .Validate(o => o.Window >= TimeSpan.FromSeconds(1) && o.Window <= LongestTimer, "MorningAI:Journal:Window must be 1 second to 49 days.")
            .Validate(o => o.MaxBatch is >= 1 and <= 100_000, "MorningAI:Journal:MaxBatch must be 1 to 100000.")
            .Validate(o => o.MaxBytes is null or >= 256 * 1024, "MorningAI:Journal:MaxBytes must be at least 262144, or left out.")
            .ValidateOnStart();
    }

    private sealed class LimitOptionsCheck : IValidateOptions<LimitOptions>
    {
        public ValidateOptionsResult Validate(string? name, LimitOptions options) =>
            options.Fault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
    }

    private static bool IsPeriod(TimeSpan span) => span > TimeSpan.Zero && span <= LongestTimer;
}
