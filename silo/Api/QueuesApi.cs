using MorningAI.Explaining;
using MorningAI.Queues;

namespace MorningAI.Silo.Api;

/// <summary><c>/queues</c>: pause, drain, resume, clear; and why things wait.</summary>
internal static class QueuesApi
{
    /// <summary>Cancelled in one call, of each partition: some hundred milliseconds.</summary>
    private const int ClearedInOneCall = 500;

    public static void MapQueues(this IEndpointRouteBuilder app)
    {
        app.MapGet("/queues", List).WithSummary("All queues: what waits, what runs, what was decided").Produces<QueueListResponse>().ProducesProblem(503);
        app.MapGet("/queues/{name}", Get).Describe<QueueStanding>("One queue");
        app.MapGet("/ops/queues/{name}", Get).Describe<QueueStanding>("One queue");
        app.MapPost("/queues/{name}/pause", Pause).Describe<QueueControlResponse>("Begin nothing of a queue until it is resumed");
        app.MapPost("/queues/{name}/drain", Drain).Describe<QueueControlResponse>("Take nothing new into a queue until it is resumed; what is there is done");
        app.MapPost("/queues/{name}/resume", Resume).Describe<QueueControlResponse>("Neither paused nor drained any more");
        app.MapPost("/queues/{name}/clear", Clear).Describe<QueueClearedResponse>("Cancel some of what waits in a queue; call it until nothing is left");
        app.MapGet("/queues/{name}/explain", ExplainQueue).Describe<QueueExplanationResponse>("Why a queue's tasks wait");
        app.MapGet("/tasks/{id}/explain", ExplainTask).Describe<TaskExplanationResponse>("Why a task waits");
    }

    private static void Describe<T>(this RouteHandlerBuilder route, string summary) => route
        .WithSummary(summary)
        .Produces<T>()
        .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);

    private static async Task<IResult> List(IGrainFactory grains)
    {
        var partitions = await grains.GetQueueDirectory().List();
        var controls = await grains.GetQueueDirectory().Controls();
        var statuses = await Task.WhenAll(partitions.Select(p => grains.GetPartition(p).GetStatus()));
        var queues = partitions.Select(p => p.Queue).Concat(controls.Select(c => c.Queue)).Distinct().OrderBy(q => q.Value, StringComparer.Ordinal);
        return TypedResults.Json(new QueueListResponse(
        [
            .. queues.Select(q => QueueStanding.Of(q, [.. statuses.Where(s => s.Partition.Queue == q)], controls.FirstOrDefault(c => c.Queue == q))),
        ]));
    }

    private static async Task<IResult> Get(string name, IGrainFactory grains)
    {
        if (!QueueName.TryParse(name, out var queue))
            return NotAName();
        var partitions = await Partitions(grains, queue);
        var control = (await grains.GetQueueDirectory().Controls()).FirstOrDefault(c => c.Queue == queue);
        if (partitions.Length == 0 && control is null)
            return NoSuchQueue(queue);
        return TypedResults.Json(QueueStanding.Of(queue, await Task.WhenAll(partitions.Select(p => grains.GetPartition(p).GetStatus())), control));
    }

    private static Task<IResult> Pause(string name, string? by, string? reason, IGrainFactory grains) => Decide(name, QueueCommand.Pause, by, reason, grains);

    private static Task<IResult> Drain(string name, string? by, string? reason, IGrainFactory grains) => Decide(name, QueueCommand.Drain, by, reason, grains);

    private static Task<IResult> Resume(string name, IGrainFactory grains) => Decide(name, QueueCommand.Resume, null, null, grains);

    private static async Task<IResult> Decide(string name, QueueCommand command, string? by, string? reason, IGrainFactory grains)
    {
        if (!QueueName.TryParse(name, out var queue))
            return NotAName();
        if (by is { Length: > QueueControl.MaxBy })
            return Problems.BadRequest($"by may have {QueueControl.MaxBy} characters at most.");
        if (reason is { Length: > QueueControl.MaxReason })
            return Problems.BadRequest($"reason may have {QueueControl.MaxReason} characters at most.");
        return TypedResults.Json(QueueControlResponse.Of(await grains.GetQueueDirectory().Decide(queue, command, by, reason)));
    }

    private static async Task<IResult> Clear(string name, bool? confirm, string? reason, IGrainFactory grains)
    {
        if (!QueueName.TryParse(name, out var queue))
            return NotAName();
        if (confirm != true)
            return Problems.BadRequest("This cancels tasks and cannot be taken back: say confirm=true.");
        var partitions = await Partitions(grains, queue);
        if (partitions.Length == 0)
            return NoSuchQueue(queue);
        var cleared = await Task.WhenAll(partitions.Select(p => grains.GetPartition(p).Clear(ClearedInOneCall, reason ?? "the queue was cleared")));
        return TypedResults.Json(new QueueClearedResponse(queue.Value, cleared.Sum(c => (long)c.Cancelled), cleared.Sum(c => (long)c.Left)));
    }

    private static async Task<IResult> ExplainQueue(string name, IGrainFactory grains)
    {
        if (!QueueName.TryParse(name, out var queue))
            return NotAName();
        return await grains.GetGrain<IExplainerGrain>(0).OfQueue(queue) is { } explanation
            ? TypedResults.Json(QueueExplanationResponse.Of(explanation))
            : NoSuchQueue(queue);
    }

    private static async Task<IResult> ExplainTask(string id, IGrainFactory grains)
    {
        if (!Tasks.TaskId.TryParse(id, out var task))
            return TasksApi.NotAnId();
        return await grains.GetGrain<IExplainerGrain>(0).OfTask(task) is { } explanation
            ? TypedResults.Json(TaskExplanationResponse.Of(explanation))
            : Problems.NoSuchTask(id);
    }

    private static async Task<PartitionId[]> Partitions(IGrainFactory grains, QueueName queue) =>
        [.. (await grains.GetQueueDirectory().List()).Where(p => p.Queue == queue)];

    private static IResult NotAName() => Problems.BadRequest("name: a queue's name has 1 to 64 characters of a-z, 0-9, '_' and '-', starting with a letter or digit.");

    private static IResult NoSuchQueue(QueueName queue) =>
        TypedResults.Problem($"There is no queue {queue}: a queue appears with its first task. GET /queues lists those that are.", title: "No such queue", statusCode: StatusCodes.Status404NotFound);
}
