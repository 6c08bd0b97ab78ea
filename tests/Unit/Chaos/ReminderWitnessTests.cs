using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Silo.Chaos;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Chaos;

public sealed class ReminderWitnessTests : IDisposable
{
    private static readonly DateTime First = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("morningai-reminders-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4.4, 0)]
    [InlineData(4.9, 1)]
    [InlineData(5, 1)]
    [InlineData(9.4, 1)]
    [InlineData(50.1, 10)]
    public void NumberOf_TickAtSecond_IsOfTheDueTimeThatHasCome(double seconds, long number) =>
        Assert.Equal(number, ReminderWitnessGrain.NumberOf(new TickStatus(First, TimeSpan.FromSeconds(5), First.AddSeconds(seconds))));

    [Fact]
    public void Ledger_RegisteredAndTicked_ReaderFindsBoth()
    {
        using (var file = new ReminderLedger(_folder.FullName, TimeProvider.System))
        {
            file.WriteRegistered("witness-1", First, TimeSpan.FromSeconds(5));
            file.WriteTick("witness-1", 3, First.AddSeconds(15));
        }

        var ledger = new RunLedger();
        LedgerReader.ReadReminders(ledger, File.ReadAllLines(Assert.Single(Directory.GetFiles(_folder.FullName))));

        var reminder = Assert.Single(ledger.Reminders).Value;
        Assert.Equal((new DateTimeOffset(First), TimeSpan.FromSeconds(5)), (reminder.FirstDue, reminder.Period));
        Assert.Equal([3L], reminder.Ticks);
    }
}
