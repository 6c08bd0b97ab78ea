using System.Globalization;

namespace MorningAI.Silo.Chaos;

/// <summary>The reminders that this process ran: one file a process, <c>reminders-PID.log</c>.</summary>
public sealed class ReminderLedger(string folder, TimeProvider time) : IDisposable
{
    public const string FilePrefix = "reminders-";

    /// <summary>A reminder's first due time and period are durable.</summary>
    public const string Registered = "registered";

    /// <summary>A reminder ran.</summary>
    public const string Ticked = "ticked";

    private readonly LedgerFile _file = new(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{FilePrefix}{Environment.ProcessId}.log")), time);

    public void WriteRegistered(string grain, DateTimeOffset first, TimeSpan period) =>
        _file.Append(Registered, grain, LedgerFile.Micros(first), ((long)period.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));

    /// <param name="number">Of the due time, counted from 0 at the reminder's first.</param>
    public void WriteTick(string grain, long number, DateTimeOffset due) => _file.Append(Ticked, grain, number.ToString(CultureInfo.InvariantCulture), LedgerFile.Micros(due));

    public void Dispose() => _file.Dispose();
}
