using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Handlers;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Workers;

namespace MorningAI.Tests.Unit.Schedules;

public sealed class ScheduleCheckTests : IDisposable
{
    private readonly ServiceProvider _services = ScriptedHandler.Services((_, _) => Task.FromResult(""));
    private readonly ScheduleCheck _check;
    private readonly ScheduleSpec _good = new() { Cron = "0 4 * * *", Kind = Given.Kind, Payload = Given.Submission().Payload };

    public ScheduleCheckTests()
    {
        var handlers = _services.GetRequiredService<HandlerRegistry>();
        var submissions = new SubmissionCheck(handlers, Options.Create(new IntakeOptions { MaxPayloadBytes = 64 }), Options.Create(new QueueOptions()), new FakeTimeProvider(Given.Now));
        _check = new ScheduleCheck(handlers, submissions, new FakeTimeProvider(Given.Now));
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Check_Good_IsNullAndTheQueueIsFilledIn()
    {
        Assert.Null(_check.Check(_good, out var whole));
        Assert.Equal(QueueName.Default, whole.Queue);
        Assert.Null(_check.Check(_good with { Zone = "Europe/Berlin", Queue = QueueName.Parse("mail") }, out whole));
        Assert.Equal("mail", whole.Queue!.Value.Value);
    }

    [Fact]
    public void Check_Bad_NamesTheField()
    {
        Refused("cron", _good with { Cron = "61 * * * *" });
        Refused("cron", _good with { Cron = "0 0 30 2 *" });
        Refused("cron", _good with { Cron = new string('*', 257) });
        Refused("zone", _good with { Zone = "Europe/Berlinn" });
        Refused("kind", _good with { Kind = TaskKind.Parse("other") });
        Refused("payload", _good with { Payload = "[]"u8.ToArray() });
        Refused("payload", _good with { Payload = new byte[65] });
        Refused("priority", _good with { Priority = (TaskPriority)9 });
        Refused("timeout_seconds", _good with { Timeout = TimeSpan.FromDays(2) });
        Refused("misfire", _good with { Misfire = (MisfirePolicy)9 });
        Refused("overlap", _good with { Overlap = (OverlapPolicy)9 });
        Refused("queue", _good with { Queue = QueueName.Default with { Value = "No Queue" } });
    }

    [Fact]
    public void IdOf_SameNameAndDueTime_IsTheSameTask()
    {
        var (a, b) = (ScheduleName.Parse("a"), ScheduleName.Parse("b"));
        var id = Firing.IdOf(a, QueueName.Default, 4, Given.Now);

        Assert.Equal(id, Firing.IdOf(a, QueueName.Default, 4, Given.Now.ToOffset(TimeSpan.FromHours(2))));
        Assert.NotEqual(id, Firing.IdOf(b, QueueName.Default, 4, Given.Now));
        Assert.NotEqual(id, Firing.IdOf(a, QueueName.Default, 4, Given.Now.AddSeconds(1)));
    }

    /// <summary>Stored names are found by their shard.</summary>
    [Theory]
    [InlineData("nightly", 10)]
    [InlineData("a", 12)]
    public void ShardOf_Name_NeverChanges(string name, long shard) => Assert.Equal(shard, ScheduleLookup.ShardOf(ScheduleName.Parse(name)));

    private void Refused(string field, ScheduleSpec spec)
    {
        var refused = _check.Check(spec, out _);
        Assert.Equal(field, refused?.Field);
        Assert.StartsWith($"{field}: ", refused!.Message);
    }
}
