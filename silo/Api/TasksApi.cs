using MorningAI.Intake;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary><c>/tasks</c>: submit, read, wait, cancel, retry.</summary>
internal static class TasksApi
{
    private const double LongestWait = 20;

    public static void MapTasks(this IEndpointRouteBuilder app)
    {
        app.MapPost("/tasks", Submit)
            .WithSummary("Submit a task")
            .Accepts<SubmitTaskRequest>("application/json")
            .Produces<ReceiptResponse>(StatusCodes.Status202Accepted)
            .ProducesProblem(400).ProducesProblem(413).ProducesProblem(503);
        app.MapGet("/tasks/{id}", Get)
            .WithSummary("Read a task; with after and wait_seconds, wait for its next change")
            .Produces<TaskResponse>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        app.MapGet("/tasks/{id}/payload", GetPayload)
            .WithSummary("What the task was submitted with, as it was sent")
            .Produces(StatusCodes.Status200OK, contentType: "application/json")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        app.MapGet("/tasks/{id}/events", TaskEventsApi.Follow)
            .WithSummary("Follow a task to its end as server-sent events; Last-Event-ID goes on after an event, on any silo")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        app.MapPost("/tasks/{id}/cancel", Cancel)
            .WithSummary("End a task now")
            .Produces<TaskResponse>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        app.MapPost("/tasks/{id}/retry", Retry)
            .WithSummary("Begin a waiting task's next attempt now; make a new task like one that failed, is dead or was cancelled")
            .Produces<TaskResponse>()
            .Produces<ReceiptResponse>(StatusCodes.Status202Accepted)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        app.MapDelete("/tasks/{id}", Delete)
            .WithSummary("Take away all that a task that has ended holds")
            .Produces<TaskDeletedResponse>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
    }

    public static async Task<IResult> Get(string id, long? after, double? wait_seconds, IGrainFactory grains, IHostApplicationLifetime lifetime, HttpContext context)
    {
        if (!TaskId.TryParse(id, out var taskId))
            return NotAnId();
        if (wait_seconds is < 0 or > LongestWait or double.NaN)
            return Problems.BadRequest($"wait_seconds must be 0 to {LongestWait}.");

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var task = after is { } revision && wait_seconds is { } seconds && !lifetime.ApplicationStopping.IsCancellationRequested
            ? await Watch(grains.GetTask(taskId), revision, TimeSpan.FromSeconds(seconds), stop.Token)
            : await grains.GetTask(taskId).Get();
        return task is null ? Problems.NoSuchTask(id) : TypedResults.Json(TaskResponse.Of(task));
    }

    private static async Task<IResult> GetPayload(string id, IGrainFactory grains)
    {
        if (!TaskId.TryParse(id, out var taskId))
            return NotAnId();
        return await grains.GetTask(taskId).GetPayload() is { } payload ? TypedResults.Bytes(payload, "application/json") : Problems.NoSuchTask(id);
    }

    private static async Task<IResult> Submit(Submissions submissions, HttpContext context) =>
        await submissions.Submit(context, await RequestBody.Read<SubmitTaskRequest>(context));

    private static async Task<IResult> Cancel(string id, string? reason, IGrainFactory grains)
    {
        if (!TaskId.TryParse(id, out var taskId))
            return NotAnId();
        if (reason is { Length: > 500 })
            return Problems.BadRequest("The reason may have 500 characters at most.");
        var outcome = await grains.GetTask(taskId).Cancel(reason);
        if (outcome.Task is null)
            return Problems.NoSuchTask(id);
        return outcome.Cancelled
            ? TypedResults.Json(TaskResponse.Of(outcome.Task))
            : Problems.Conflict($"The task has ended: it is {outcome.Task.State.WireName()}, and stays so.");
    }

    private static async Task<IResult> Retry(string id, IGrainFactory grains, HttpContext context)
    {
        if (!TaskId.TryParse(id, out var taskId))
            return NotAnId();
        switch (await grains.GetTask(taskId).Retry())
        {
            case RetryHastened hastened:
                return TypedResults.Json(TaskResponse.Of(hastened.Task));
            case RetryResubmitted { Outcome: TaskAccepted accepted }:
                context.Response.Headers.Location = $"/tasks/{accepted.Receipt.TaskId}";
                return Problems.Of(context, accepted);
            case RetryResubmitted other:
                return Problems.Of(context, other.Outcome);
            case RetryRefused { Task: null }:
                return Problems.NoSuchTask(id);
            case RetryRefused { Task: { } task }:
                return Problems.Conflict($"There is nothing to retry: the task is {task.State.WireName()}.{(task.State.IsTerminal() ? "" : " Cancel it first to have it done anew.")}");
            default:
                return TypedResults.Problem("The task gave an answer that this version does not know.", statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    private static async Task<IResult> Delete(string id, IGrainFactory grains)
    {
        if (!TaskId.TryParse(id, out var taskId))
            return NotAnId();
        return await grains.GetTask(taskId).Delete() switch
        {
            { Deleted: true } => TypedResults.Json(new TaskDeletedResponse(id)),
            { State: { } state } => Problems.Conflict($"The task is {state.WireName()}: cancel it first."),
            _ => Problems.NoSuchTask(id),
        };
    }

    /// <summary>A silo that shuts down answers its waiting callers with what is true now.</summary>
    private static async Task<TaskSnapshot?> Watch(ITaskGrain task, long after, TimeSpan atMost, CancellationToken stop)
    {
        try
        {
            return await task.Watch(after, atMost).WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return await task.Get();
        }
    }

    internal static IResult NotAnId() => Problems.BadRequest("That is not a task id: expected queue.partition.unique, as the receipt has it.");
}
