using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using MorningAI.Handlers;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary>Makes a submission out of a request, and hands it in.</summary>
internal sealed class Submissions(IGrainFactory grains, HandlerRegistry handlers, IOptions<QueueOptions> queues, IOptions<IntakeOptions> intake, TimeProvider time)
{
    private static readonly byte[] NoPayload = "{}"u8.ToArray();

    public async Task<IResult> Submit(HttpContext context, SubmitTaskRequest request)
    {
        if (!TaskKind.TryParse(request.Kind, out var kind))
            return Problems.BadRequest("The kind must be 1 to 64 characters of a-z, 0-9, '_', '-' and '.'.");
        if (!TryReadPriority(request.Priority, out var priority))
            return Problems.BadRequest("The priority must be P0, P1, P2 or P3.");
        var queue = handlers.TryGet(kind, out var handler) ? handler.Options.Queue : QueueName.Default;
        if (request.Queue is { } named && !QueueName.TryParse(named, out queue))
            return Problems.BadRequest("The queue must be 1 to 64 characters of a-z, 0-9, '_' and '-', starting with a letter or digit.");
        if (request.TimeoutSeconds is { } seconds && !(seconds > 0 && seconds <= intake.Value.MaxTimeout.TotalSeconds))
            return Problems.BadRequest($"timeout_seconds must be above 0 and at most {intake.Value.MaxTimeout.TotalSeconds}.");
        if (request.IdempotencyKey is { } key && (key.Length == 0 || key.Length > intake.Value.MaxKeyLength))
            return Problems.BadRequest($"idempotency_key must have 1 to {intake.Value.MaxKeyLength} characters.");
        if (SubmissionTimes.Check(request) is { } wrong)
            return Problems.BadRequest(wrong);
        var retry = SubmissionTimes.Read(request.Retry, out var fault);
        if (fault is not null)
            return Problems.BadRequest(fault);

        var keys = SubmissionKeys.Read(request, out var wrongKey);
        if (wrongKey is not null)
            return Problems.BadRequest(wrongKey);

        var submission = new TaskSubmission
        {
            Id = NewId(queue, request.IdempotencyKey),
            Kind = kind,
            Payload = request.Payload is { ValueKind: not JsonValueKind.Undefined } payload ? Encoding.UTF8.GetBytes(payload.GetRawText()) : NoPayload,
            Priority = priority,
            TraceId = TraceId.CurrentOrNew(),
            ParentSpan = Activity.Current?.SpanId.ToHexString(),
            Timeout = request.TimeoutSeconds is { } s ? TimeSpan.FromSeconds(s) : null,
            IdempotencyKey = request.IdempotencyKey,
            Delay = request.DelaySeconds is { } delay ? TimeSpan.FromSeconds(delay) : null,
            DueAt = request.DueAt,
            Deadline = request.DeadlineSeconds is { } left ? time.GetUtcNow() + TimeSpan.FromSeconds(left) : request.Deadline,
            Retry = retry,
            Keys = keys,
            Tags = request.Tags is { Count: > 0 } tags ? [.. tags] : null,
            IsNew = request.IdempotencyKey is null,
        };
        var outcomes = await grains.GetIntake().Submit([submission]);
        if (outcomes[0] is TaskAccepted accepted)
            context.Response.Headers.Location = $"/tasks/{accepted.Receipt.TaskId}";
        return Problems.Of(context, outcomes[0]);
    }

    private TaskId NewId(QueueName queue, string? key)
    {
        var partitions = queues.Value.PartitionsOf(queue);
        return key is not null
            ? TaskId.ForKey(queue, partitions, key)
            : TaskId.New(new PartitionId(queue, Random.Shared.Next(partitions)), time.GetUtcNow());
    }

    internal static bool TryReadPriority(string? text, out TaskPriority priority)
    {
        priority = TaskPriority.P2;
        return text is null || (text is ['P' or 'p', >= '0' and <= '3'] && Enum.TryParse(text, ignoreCase: true, out priority));
    }
}
