using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace MorningAI.Tests.Cluster;

/// <summary>A grain with reminders, for tests of the table below them.</summary>
[Alias("test.IRememberingGrain")]
public interface IRememberingGrain : IGrainWithStringKey
{
    [Alias("Register")]
    Task Register(string name, TimeSpan due, TimeSpan period);

    [Alias("Unregister")]
    Task<bool> Unregister(string name);

    [Alias("Names")]
    Task<string[]> Names();
}

/// <summary>Writes down each time that a reminder fired for it, by the time that it was due.</summary>
public sealed class Reminded
{
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(5);
    private readonly ConcurrentQueue<(string Grain, string Name, DateTime Due)> _fired = new();

    public IReadOnlyList<DateTime> Fired(string grain, string name) => [.. _fired.Where(f => f.Grain == grain && f.Name == name).Select(f => f.Due)];

    /// <param name="status">Has the moment of the tick, which is after it was due, less what a timer may be early.</param>
    public void Note(string grain, string name, TickStatus status)
    {
        var since = status.CurrentTickTime - status.FirstTickTime + Early;
        _fired.Enqueue((grain, name, status.FirstTickTime + TimeSpan.FromTicks(since.Ticks / status.Period.Ticks * status.Period.Ticks)));
    }
}

internal sealed class RememberingGrain(Reminded reminded) : Grain, IRememberingGrain, IRemindable
{
    public Task Register(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task<bool> Unregister(string name)
    {
        if (await this.GetReminder(name) is not { } reminder)
            return false;
        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task<string[]> Names() => [.. (await this.GetReminders()).Select(r => r.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        reminded.Note(this.GetPrimaryKeyString(), reminderName, status);
        return Task.CompletedTask;
    }
}

/// <summary>What Orleans' reminder service complains about.</summary>
internal sealed class ReminderComplaints : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Said { get; } = new();

    public ILogger CreateLogger(string categoryName) => categoryName.Contains("LocalReminderService", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Said.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.Message}");
    }

    public void Dispose()
    {
    }
}
