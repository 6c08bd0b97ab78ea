using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Handlers;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Workers;

namespace MorningAI.Tests.Unit.Intake;

public sealed class SubmissionCheckTests : IDisposable
{
    private readonly ServiceProvider _services = ScriptedHandler.Services((_, _) => Task.FromResult(""));
    private readonly TaskSubmission _good = Given.Submission();
    private readonly SubmissionCheck _check;

    public SubmissionCheckTests() => _check = new SubmissionCheck(
        _services.GetRequiredService<HandlerRegistry>(),
        Options.Create(new IntakeOptions { MaxPayloadBytes = 64 }),
        Options.Create(new QueueOptions { PartitionsByQueue = { ["wide"] = 4 } }),
        new FakeTimeProvider(Given.Now));

    public void Dispose() => _services.Dispose();

    public static TheoryData<string, TaskSubmission> WrongTimes() => new()
    {
        { "delay_seconds", Given.Submission() with { Delay = TimeSpan.FromSeconds(-1) } },
        { "delay_seconds", Given.Submission() with { Delay = TimeSpan.FromDays(4000) } },
        { "delay_seconds", Given.Submission() with { Delay = TimeSpan.FromSeconds(1), DueAt = Given.Now.AddDays(1) } },
        { "due_at", Given.Submission() with { DueAt = Given.Now.AddDays(4000) } },
        { "deadline", Given.Submission() with { Deadline = Given.Now } },
        { "deadline", Given.Submission() with { Deadline = Given.Now.AddSeconds(9), Delay = TimeSpan.FromSeconds(10) } },
        { "retry.max_attempts", Given.Submission() with { Retry = new RetryPolicy { MaxAttempts = 0 } } },
        { "retry.pauses_seconds", Given.Submission() with { Retry = RetryPolicy.After(TimeSpan.FromSeconds(-1)) } },
        { "retry.longest_seconds", Given.Submission() with { Retry = RetryPolicy.Exponential(3, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)) } },
        { "retry.factor", Given.Submission() with { Retry = RetryPolicy.Exponential(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)) with { Factor = double.NaN } } },
    };

    [Theory, MemberData(nameof(WrongTimes), DisableDiscoveryEnumeration = true)]
    public void Check_TimesOrRetriesThatCannotBe_NamesTheField(string field, TaskSubmission submission)
    {
        var refused = _check.Check(submission);
        Assert.Equal(RefusalReason.InvalidField, refused?.Reason);
        Assert.Contains(field, refused!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_DueTimeThatHasPassed_IsGood() => Assert.Null(_check.Check(_good with { DueAt = Given.Now.AddDays(-1) }));

    [Fact]
    public void Check_Good_IsNull()
    {
        Assert.Null(_check.Check(_good));
        Assert.Null(_check.Check(_good with { Payload = "{\"text\":\""u8.ToArray().Concat(new byte[53].Select(_ => (byte)'x')).Concat("\"}"u8.ToArray()).ToArray() }));
        Assert.Null(_check.Check(_good with { Timeout = TimeSpan.FromHours(24), IdempotencyKey = new string('k', 256), ParentSpan = "00f067aa0ba902b7" }));
        Assert.Null(_check.Check(In(PartitionId.Parse("wide.3"))));
    }

    [Fact]
    public void Check_UnknownKind_NamesTheKnown() => Refused(
        RefusalReason.UnknownKind,
        "No handler is registered for the kind 'other'. Known: scripted.",
        _good with { Kind = TaskKind.Parse("other") });

    [Fact]
    public void Check_PayloadTooLarge_SaysTheLimit() => Refused(
        RefusalReason.PayloadTooLarge,
        "The payload has 65 bytes; at most 64 are taken. Put what is large elsewhere and send where it is.",
        _good with { Payload = new byte[65] });

    [Fact]
    public void Check_UnknownPriority_NamesTheKnown() => Refused(
        RefusalReason.InvalidField,
        "4 is not a priority: use P0, P1, P2 or P3.",
        _good with { Priority = (TaskPriority)4 });

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(86_401, "86401")]
    public void Check_TimeoutOutOfRange_SaysTheRange(double seconds, string shown) => Refused(
        RefusalReason.InvalidField,
        $"A timeout of {shown} s is out of range: above 0 and at most 86400 s.",
        _good with { Timeout = TimeSpan.FromSeconds(seconds) });

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void Check_KeyLengthOutOfRange_SaysTheRange(int length) => Refused(
        RefusalReason.InvalidField,
        $"An idempotency key of {length} characters is out of range: 1 to 256.",
        _good with { IdempotencyKey = new string('k', length) });

    [Theory]
    [InlineData("")]
    [InlineData("00F067AA0BA902B7")]
    [InlineData("00f067aa0ba902b")]
    public void Check_ParentSpanOfAnotherForm_SaysTheForm(string span) => Refused(
        RefusalReason.InvalidField,
        "The parent span must be 16 lower-case hex digits.",
        _good with { ParentSpan = span });

    [Fact]
    public void Check_PartitionBeyondTheQueues_SaysHowMany() => Refused(
        RefusalReason.InvalidField,
        "The queue 'wide' has 4 partitions; the id names number 4. Do client and silos agree on the configuration?",
        In(PartitionId.Parse("wide.4")));

    /// <summary>An id made without its parser: no grain could be asked for it.</summary>
    [Theory]
    [InlineData("default", -1)]
    [InlineData("a}b", 0)]
    [InlineData("", 0)]
    [InlineData(null, 0)]
    public void Check_IdThatIsNone_SaysTheForm(string? queue, int number)
    {
        var refused = _check.Check(In(new PartitionId(QueueName.Default with { Value = queue! }, number)));
        Assert.Equal(RefusalReason.InvalidField, refused?.Reason);
        Assert.Contains("does not name a queue partition", refused!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "The payload of kind 'scripted' cannot be used: missing required field 'text'.")]
    [InlineData("null", "The payload of kind 'scripted' cannot be used: a payload of kind 'scripted' must not be null.")]
    [InlineData("{\"text\":3}", "The payload of kind 'scripted' cannot be used: a value of the wrong type at $.text (line 1, byte 10).")]
    public void Check_PayloadUnreadable_SaysWhere(string payload, string message) => Refused(
        RefusalReason.UnreadablePayload,
        message,
        _good with { Payload = System.Text.Encoding.UTF8.GetBytes(payload) });

    private TaskSubmission In(PartitionId partition) => _good with { Id = new TaskId(partition, Given.Unique(1)) };

    private void Refused(RefusalReason reason, string message, TaskSubmission submission) =>
        Assert.Equal(new TaskRefused(reason, message), _check.Check(submission));
}
