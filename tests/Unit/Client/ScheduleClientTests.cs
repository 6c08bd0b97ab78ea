using Microsoft.Extensions.Time.Testing;
using MorningAI.Client;
using MorningAI.Client.Cluster;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Client;

public sealed class ScheduleClientTests
{
    private static readonly ScheduleName Name = ScheduleName.Parse("nightly");
    private readonly FakeTimeProvider _time = new();
    private readonly Queue<Func<object?[], object>> _answers = new();
    private readonly List<object?[]> _calls = [];
    private readonly ScheduleClient _client;

    public ScheduleClientTests()
    {
        var grains = Stand.Grains((type, key) => type == typeof(IScheduleGrain) && key == Name.Value
            ? Stand.In<IScheduleGrain>((_, arguments) =>
            {
                _calls.Add(arguments);
                return _answers.Dequeue()(arguments);
            })
            : null);
        _client = new ScheduleClient(new KnownGrains(grains), new ClusterCalls(new GatewayLoss(), _time), new MorningAIClientOptions());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_Options_AreSentInSnakeCase()
    {
        _answers.Enqueue(a => Task.FromResult<ScheduleOutcome>(new ScheduleStored(new ScheduleSnapshot { Name = Name, Spec = (ScheduleSpec)a[0]!, CreatedAt = Given.Now }, true)));
        var options = new ScheduleOptions { Zone = "Europe/Berlin", Queue = QueueName.Parse("mail"), Priority = TaskPriority.P0, Timeout = TimeSpan.FromSeconds(5), Misfire = MisfirePolicy.Skip, Overlap = OverlapPolicy.Skip };

        var spec = (await _client.Put(Name, "30 4 * * *", "echo", new { MaxWords = 5 }, options, Stop)).Spec;

        Assert.Equal("{\"max_words\":5}"u8.ToArray(), spec.Payload);
        Assert.Equal(
            ("30 4 * * *", options.Zone, options.Queue, options.Priority, options.Timeout, options.Misfire, options.Overlap),
            (spec.Cron, spec.Zone, spec.Queue, spec.Priority, spec.Timeout, spec.Misfire, spec.Overlap));
    }

    [Fact]
    public async Task Put_Refused_ThrowsWithTheField()
    {
        _answers.Enqueue(_ => Task.FromResult<ScheduleOutcome>(new ScheduleRefused("zone", "zone: no.")));

        Assert.Equal("zone", (await Assert.ThrowsAsync<ScheduleRefusedException>(() => _client.Put(Name, "* * * * *", "echo", 1, null, Stop))).Field);
    }

    [Fact]
    public async Task Trigger_UnansweredOnce_IsRepeatedForTheSameTask()
    {
        _answers.Enqueue(_ => Task.FromException<SubmitOutcome?>(new TimeoutException()));
        _answers.Enqueue(_ => Task.FromResult<SubmitOutcome?>(new TaskAccepted(new TaskReceipt(Given.Id(), TraceId.New(), TaskState.Queued, Durability.Redis, true))));

        var trigger = _client.Trigger(Name, Stop);
        await Until.Passes(_time, TimeSpan.FromMilliseconds(200), () => trigger.IsCompleted, "the trigger is answered");

        Assert.Equal(Given.Id(), await trigger);
        Assert.Equal(2, _calls.Count);
        Assert.Equal(_calls[0][0], _calls[1][0]);
    }

    [Fact]
    public async Task Remove_UnansweredOnceAndThenGone_ItWasThere()
    {
        _answers.Enqueue(_ => Task.FromException<bool>(new TimeoutException()));
        _answers.Enqueue(_ => Task.FromResult(false));

        var remove = _client.Remove(Name, Stop);
        await Until.Passes(_time, TimeSpan.FromMilliseconds(200), () => remove.IsCompleted, "the removal is answered");

        Assert.True(await remove);
    }

    [Fact]
    public async Task AnyCall_NoName_SaysSo() => await Assert.ThrowsAsync<ArgumentException>(() => _client.Get(default, Stop));
}
