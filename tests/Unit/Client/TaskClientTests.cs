using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Client;
using MorningAI.Client.Cluster;
using MorningAI.Client.Submitting;
using MorningAI.Client.Watching;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;
using Orleans;
using Xunit;

namespace MorningAI.Tests.Unit.Client;

public class TaskClientTests
{
    private static readonly TaskId Id = TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UnixEpoch);

    private readonly FakeIntake _intake = new();
    private readonly ITaskClient _client;
    private TaskSnapshot? _ended;
    private byte[]? _payload;

    public TaskClientTests()
    {
        var time = new FakeTimeProvider();
        var options = new MorningAIClientOptions();
        var factory = Faked<IGrainFactory>((_, _) => Faked<ITaskGrain>((method, _) => method.Name == nameof(ITaskGrain.GetPayload) ? Task.FromResult(_payload) : Task.FromResult(_ended)));
        var calls = new ClusterCalls(new GatewayLoss(), time);
        var ring = new IntakeRing(_ => _intake, time);
        _client = new TaskClient(
            new KnownGrains(factory),
            new SubmissionWriter(new QueuePartitions(ring, calls, options.AttemptTimeout, options.SubmitTimeout), time),
            new SubmitPump(new BatchSender(ring, calls, options.AttemptTimeout, NullLogger<BatchSender>.Instance), options, time),
            new TaskWatch(calls, options.AttemptTimeout, options.WatchPatience), new TaskEvents(calls, options.AttemptTimeout, options.WatchPatience), calls, options);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_InAnActivity_CarriesSnakeCaseAndTheTrace()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var sent = await Sent(_client.Submit("echo", new { MaxWords = 5, None = (string?)null }, cancellationToken: Stop));
        Assert.Equal("""{"max_words":5}""", Encoding.UTF8.GetString(sent.Payload));
        Assert.Equal((activity.TraceId, activity.SpanId.ToHexString()), (sent.TraceId.ToActivityTraceId(), sent.ParentSpan));
        Assert.Equal((QueueName.Default, TaskPriority.P2), (sent.Id.Queue, sent.Priority));
    }

    [Fact]
    public async Task GetPayload_OfATask_IsWhatItWasSubmittedWith()
    {
        _payload = """{"max_words":5}"""u8.ToArray();
        Assert.Equal(5, (await _client.GetPayload<Words>(Id, Stop)).MaxWords);
        _payload = null;
        Assert.Equal(Id, (await Assert.ThrowsAsync<TaskNotFoundException>(() => _client.GetPayload<Words>(Id, Stop))).TaskId);
    }

    [Fact]
    public async Task Submit_OtherTraceThanTheActivity_CarriesNoParent()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var trace = TraceId.New();
        var sent = await Sent(_client.Submit("echo", 1, new SubmitOptions { TraceId = trace }, Stop));
        Assert.Equal((trace, null), (sent.TraceId, sent.ParentSpan));
    }

    [Fact]
    public async Task Submit_SameKey_HasTheKeysIdAndPartitionsAreAskedOnce()
    {
        var options = new SubmitOptions { Queue = QueueName.Parse("mail"), IdempotencyKey = "k" };
        var first = await Sent(_client.Submit("echo", 1, options, Stop));
        var second = await Sent(_client.Submit("echo", 1, options, Stop));
        Assert.Equal(TaskId.ForKey(QueueName.Parse("mail"), 4, "k"), first.Id);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(1, _intake.CountsAsked);
    }

    [Fact]
    public async Task Submit_NewTasks_UseAllPartitionsInTurn()
    {
        var numbers = new List<int>();
        for (var i = 0; i < 8; i++)
            numbers.Add((await Sent(_client.Submit("echo", 1, cancellationToken: Stop))).Id.Partition.Number);
        Assert.Equal(4, numbers.Take(4).Distinct().Count());
        Assert.Equal(numbers.Take(4), numbers.Skip(4));
    }

    [Fact]
    public async Task Submit_WithAnId_KeepsItAndAsksNothing()
    {
        var id = TaskId.New(new PartitionId(QueueName.Parse("mail"), 9), DateTimeOffset.UnixEpoch);
        Assert.Equal(id, (await Sent(_client.Submit("echo", 1, new SubmitOptions { Id = id }, Stop))).Id);
        Assert.Equal(0, _intake.CountsAsked);
    }

    [Fact]
    public async Task Submit_Refused_ThrowsTheReasonAndTheId()
    {
        var submit = _client.Submit("nope", 1, cancellationToken: Stop);
        var call = await _intake.Next();
        call.AnswerEach(_ => new TaskRefused(RefusalReason.UnknownKind, "register a handler"));
        var refused = await Assert.ThrowsAsync<TaskRefusedException>(() => submit);
        Assert.Equal((RefusalReason.UnknownKind, "register a handler", call.Submissions[0].Id), (refused.Reason, refused.Message, refused.TaskId));
    }

    [Fact]
    public async Task Submit_NothingStored_ThrowsWhenToComeAgain()
    {
        var submit = _client.Submit("echo", 1, cancellationToken: Stop);
        (await _intake.Next()).AnswerEach(_ => new StoreUnavailable("full", TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.FromSeconds(3), (await Assert.ThrowsAsync<StoreUnavailableException>(() => submit)).RetryAfter);
    }

    [Fact]
    public async Task Submit_WrongArguments_AreToldBeforeAnythingIsSent()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _client.Submit("No Kind", 1, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _client.Submit<string?>("echo", null, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.Submit("echo", 1, new SubmitOptions { IdempotencyKey = new string('k', 257) }, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.Submit("echo", 1, new SubmitOptions { Timeout = TimeSpan.Zero }, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.Submit("echo", 1, new SubmitOptions { Id = default(TaskId), IdempotencyKey = "k" }, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.SubmitMany("echo", [1, 2], new SubmitOptions { IdempotencyKey = "k" }, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.Submit("echo", (Action)(() => { }), cancellationToken: Stop));
        Assert.True(_intake.IsIdle);
    }

    [Fact]
    public async Task Wait_Succeeded_ReadsTheResult()
    {
        var id = End(TaskState.Succeeded, """{"pull_request":7}""", null);
        Assert.Equal(new Answer(7), await _client.Wait<Answer>(id, Stop));
    }

    [Fact]
    public async Task Wait_UnreadableResult_ThrowsJsonException() =>
        await Assert.ThrowsAsync<JsonException>(() => _client.Wait<Answer>(End(TaskState.Succeeded, """{"other":1}""", null), Stop));

    [Theory]
    [InlineData(TaskState.Failed)]
    [InlineData(TaskState.Dead)]
    public async Task Wait_Failed_ThrowsCodeAndMessage(TaskState state)
    {
        var failed = await Assert.ThrowsAsync<TaskFailedException>(() => _client.Wait<Answer>(End(state, null, new TaskError("no_repo", "There is no such repository.")), Stop));
        Assert.Equal(("no_repo", "There is no such repository.", state), (failed.Code, failed.Message, failed.Task.State));
    }

    [Fact]
    public async Task Wait_Cancelled_ThrowsNoOperationCancelled()
    {
        var cancelled = await Assert.ThrowsAsync<TaskCancelledException>(() => _client.Wait<Answer>(End(TaskState.Cancelled, null, null), Stop));
        Assert.Equal(TaskError.Cancelled, cancelled.Code);
    }

    private async Task<TaskSubmission> Sent(Task<TaskReceipt> submit)
    {
        var call = await _intake.Next();
        call.Accept();
        Assert.Equal(call.Submissions[0].Id, (await submit).TaskId);
        return Assert.Single(call.Submissions);
    }

    private TaskId End(TaskState state, string? result, TaskError? error)
    {
        _ended = new TaskSnapshot
        {
            Id = Id,
            Kind = TaskKind.Parse("echo"),
            State = state,
            Priority = TaskPriority.P2,
            TraceId = TraceId.New(),
            CreatedAt = DateTimeOffset.UnixEpoch,
            History = [],
            Revision = 3,
            Result = result is null ? null : Encoding.UTF8.GetBytes(result),
            Error = error,
        };
        return _ended.Id;
    }

    private static T Faked<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var faked = DispatchProxy.Create<T, Fake>();
        ((Fake)(object)faked).Answer = answer;
        return faked;
    }

    private sealed record Answer(int PullRequest);

    private sealed record Words(int MaxWords);

    /// <summary>Any interface, answered by one function; public for the proxy that derives from it.</summary>
    public class Fake : DispatchProxy
    {
        internal Func<MethodInfo, object?[], object?> Answer { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!, args!);
    }
}
