using MorningAI.Finding;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary><c>GET /tasks</c>: a page of tasks.</summary>
internal static class TaskListApi
{
    private const int DefaultPage = 100;
    private const int LongestShown = 40;
    private static readonly TaskQuery Everything = new();
    private static readonly string[] Filters = ["state", "queue", "kind", "tag", "from", "to", "after", "take"];

    public static void MapTaskList(this IEndpointRouteBuilder app)
    {
        app.MapGet("/tasks", List)
            .WithSummary("A page of tasks by state, queue, kind, tag and time of making")
            .Produces<TaskListResponse>()
            .ProducesProblem(400).ProducesProblem(503);
        app.MapPost("/tasks/bulk", Act)
            .WithSummary("Cancel, retry or delete a slice of the tasks that filters leave; call it with next until there is none")
            .Accepts<BulkRequest>("application/json")
            .Produces<BulkResponse>()
            .ProducesProblem(400).ProducesProblem(413).ProducesProblem(503);
    }

    private static async Task<IResult> Act(IGrainFactory grains, HttpContext context)
    {
        var request = await RequestBody.Read<BulkRequest>(context);
        if (Read(request.State, request.Queue, request.Kind, out var query) is { } fault)
            return Problems.BadRequest(fault);
        if (!Enum.GetNames<BulkAction>().Any(n => n.ToLowerInvariant() == request.Action))
            return Problems.BadRequest("action must be cancel, retry or delete.");
        if (request.Reason is { Length: > 500 })
            return Problems.BadRequest("The reason may have 500 characters at most.");
        query = query with { Tag = request.Tag is { Length: > 0 } tag ? tag : null, From = request.From, To = request.To };
        if (query == Everything && request.All != true)
            return Problems.BadRequest("That is every task there is. Name a state, queue, kind, tag or time, or say \"all\": true.");
        var action = Enum.Parse<BulkAction>(request.Action, ignoreCase: true);
        return await grains.GetGrain<ITaskFinderGrain>(0).Act(query, action, request.Reason, request.DryRun == true, request.After is "" ? null : request.After, request.Take ?? ITaskFinderGrain.LongestSlice) switch
        {
            BulkDone done => TypedResults.Json(new BulkResponse([.. done.Done.Select(t => t.ToString())], done.Passed, done.Failed, done.Next)),
            FindRefused refused => Problems.BadRequest(refused.Message),
            _ => TypedResults.Problem("The finder gave an answer that this version does not know.", statusCode: StatusCodes.Status500InternalServerError),
        };
    }

    private static async Task<IResult> List(string? state, string? queue, string? kind, string? tag, DateTimeOffset? from, DateTimeOffset? to, string? after, int? take, IGrainFactory grains, HttpContext context)
    {
        if (context.Request.Query.Keys.FirstOrDefault(k => !Filters.Contains(k)) is { } unknown)
            return Problems.BadRequest($"'{(unknown.Length <= LongestShown ? unknown : unknown[..LongestShown] + "…")}' is not a filter of tasks: use {string.Join(", ", Filters)}.");
        if (Read(state, queue, kind, out var query) is { } fault)
            return Problems.BadRequest(fault);
        return await grains.GetGrain<ITaskFinderGrain>(0).Find(query with { From = from, To = to, Tag = tag is { Length: > 0 } ? tag : null }, after is "" ? null : after, take ?? DefaultPage) switch
        {
            TasksFound found => TypedResults.Json(new TaskListResponse([.. found.Tasks.Select(TaskSummaryResponse.Of)], found.Next)),
            FindRefused refused => Problems.BadRequest(refused.Message),
            _ => TypedResults.Problem("The finder gave an answer that this version does not know.", statusCode: StatusCodes.Status500InternalServerError),
        };
    }

    private static string? Read(string? state, string? queue, string? kind, out TaskQuery query)
    {
        query = new TaskQuery();
        if (state is { Length: > 0 })
        {
            var known = Enum.GetValues<TaskState>().Where(s => s.WireName() == state).ToArray();
            if (known.Length == 0)
                return $"The state must be one of {string.Join(", ", Enum.GetValues<TaskState>().Select(s => s.WireName()))}.";
            query = query with { State = known[0] };
        }

        if (queue is { Length: > 0 })
        {
            if (!QueueName.TryParse(queue, out var name))
                return "The queue must be 1 to 64 characters of a-z, 0-9, '_' and '-', starting with a letter or digit.";
            query = query with { Queue = name };
        }

        if (kind is { Length: > 0 })
        {
            if (!TaskKind.TryParse(kind, out var name))
                return "The kind must be 1 to 64 characters of a-z, 0-9, '_', '-' and '.'.";
            query = query with { Kind = name };
        }

        return null;
    }
}

/// <param name="Next">The next page's <c>after</c>; null where there are no more. A page may be short, also empty, and have a next.</param>
public sealed record TaskListResponse(IReadOnlyList<TaskSummaryResponse> Tasks, string? Next);

public sealed record TaskSummaryResponse(
    string TaskId, string Kind, string Queue, string Priority, string Status, int Attempt, TaskError? Error, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? DueAt, IReadOnlyList<string>? Tags)
{
    public static TaskSummaryResponse Of(TaskSummary task) => new(
        task.Id.ToString(), task.Kind.Value, task.Id.Queue.Value, task.Priority.ToString(), task.State.WireName(), task.Attempt, task.Error, task.CreatedAt, task.StartedAt, task.FinishedAt, task.DueAt, task.Tags.Length > 0 ? task.Tags : null);
}

/// <summary><c>POST /tasks/bulk</c>. The filters are those of <c>GET /tasks</c>; one of them is needed, or all.</summary>
public sealed record BulkRequest
{
    /// <summary>cancel, retry or delete.</summary>
    public required string Action { get; init; }

    public string? State { get; init; }
    public string? Queue { get; init; }
    public string? Kind { get; init; }
    public string? Tag { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }

    /// <summary>No filter is meant.</summary>
    public bool? All { get; init; }

    /// <summary>Why, of a cancel; at most 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Say which tasks, and do nothing.</summary>
    public bool? DryRun { get; init; }

    /// <summary>What the slice before gave as next.</summary>
    public string? After { get; init; }

    /// <summary>1 to 200. Default: 200.</summary>
    public int? Take { get; init; }
}

/// <param name="Tasks">With which it was done, or in a dry run would be; of a retry those that run.</param>
/// <param name="Passed">Found, and passed over: there was nothing to be done with them.</param>
/// <param name="Failed">Could not be asked now.</param>
/// <param name="Next">The next slice's <c>after</c>; null where there are no more.</param>
public sealed record BulkResponse(IReadOnlyList<string> Tasks, int Passed, int Failed, string? Next);
