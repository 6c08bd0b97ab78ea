using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Client;
using MorningAI.Client.Cluster;
using MorningAI.Client.Submitting;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;
using Xunit;

namespace MorningAI.Tests.Unit.Client;

/// <summary>An intake whose calls wait until the test answers them.</summary>
internal sealed class FakeIntake : IIntakeGrain
{
    private readonly Channel<IntakeCall> _calls = Channel.CreateUnbounded<IntakeCall>();

    public int CountsAsked;

    public Task<SubmitOutcome[]> Submit(TaskSubmission[] submissions)
    {
        var call = new IntakeCall(submissions);
        _calls.Writer.TryWrite(call);
        return call.Answer.Task;
    }

    public Task<int> CountPartitions(QueueName queue)
    {
        Interlocked.Increment(ref CountsAsked);
        return Task.FromResult(4);
    }

    /// <summary>The next call that arrives; fails the test where none does.</summary>
    public async Task<IntakeCall> Next() =>
        await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public bool IsIdle => _calls.Reader.Count == 0;

    public static TaskSubmission Submission(int number = 0) => new()
    {
        Id = TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UnixEpoch.AddSeconds(number)),
        Kind = TaskKind.Parse("echo"),
        Payload = "{}"u8.ToArray(),
        TraceId = TraceId.New(),
    };

    public SubmitPump Pump(MorningAIClientOptions options, TimeProvider time, GatewayLoss? loss = null)
    {
        var calls = new ClusterCalls(loss ?? new GatewayLoss(), time);
        return new SubmitPump(new BatchSender(new IntakeRing(_ => this, time), calls, options.AttemptTimeout, NullLogger<BatchSender>.Instance), options, time);
    }
}

/// <summary>One call, to be answered.</summary>
internal sealed record IntakeCall(TaskSubmission[] Submissions)
{
    public TaskCompletionSource<SubmitOutcome[]> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IEnumerable<TaskId> Ids => Submissions.Select(s => s.Id);

    public void Accept() => AnswerEach(Accepted);

    public void AnswerEach(Func<TaskSubmission, SubmitOutcome> outcome) => Answer.SetResult([.. Submissions.Select(outcome)]);

    public static TaskAccepted Accepted(TaskSubmission s) => new(new TaskReceipt(s.Id, s.TraceId, TaskState.Queued, Durability.Redis, true));
}
