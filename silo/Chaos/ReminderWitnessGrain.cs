using Orleans.Runtime;

namespace MorningAI.Silo.Chaos;

internal sealed class ReminderWitnessGrain(ReminderLedger ledger, TimeProvider time) : Grain, IReminderWitnessGrain, IRemindable
{
    /// <summary>Short, so that a short run has several due times; Orleans' own minimum is a minute.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private const string Name = "witness";

    public async Task Begin(TimeSpan due)
    {
        var first = time.GetUtcNow() + due;
        await this.RegisterOrUpdateReminder(Name, due, Period);
        ledger.WriteRegistered(this.GetPrimaryKeyString(), first, Period);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var number = NumberOf(status);
        ledger.WriteTick(this.GetPrimaryKeyString(), number, status.FirstTickTime + (number * status.Period));
        return Task.CompletedTask;
    }

    /// <summary>The last due time that has come: a tick is late by less than a period, and early by a clock's inaccuracy only.</summary>
    internal static long NumberOf(TickStatus status) =>
        (long)Math.Floor(((status.CurrentTickTime - status.FirstTickTime) / status.Period) + 0.1);
}
