using MorningAI.Finding;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary><c>GET /tasks</c>: a page of tasks.</summary>
internal static class TaskListApi
{
    private const int DefaultPage = 100;
    private const int LongestShown = 40;
    private static readonly string[] Filters = ["state", "queue", "kind", "from", "to", "after", "take"];

    public static void MapTaskList(this IEndpointRouteBuilder app) => app.MapGet("/tasks", List)
        .WithSummary("A page of tasks by state, queue, kind and time of making")
        .Produces<TaskListResponse>()
        .ProducesProblem(400).ProducesProblem(503);

    private static async Task<IResult> List(string? state, string? queue, string? kind, DateTimeOffset? from, DateTimeOffset? to, string? after, int? take, IGrainFactory grains, HttpContext context)
    {
        if (context.Request.Query.Keys.FirstOrDefault(k => !Filters.Contains(k)) is { } unknown)
            return Problems.BadRequest($"'{(unknown.Length <= LongestShown ? unknown : unknown[..LongestShown] + "…")}' is not a filter of tasks: use {string.Join(", ", Filters)}.");
        if (Read(state, queue, kind, out var query) is { } fault)
            return Problems.BadRequest(fault);
        return await grains.GetGrain<ITaskFinderGrain>(0).Find(query with { From = from, To = to }, after is "" ? null : after, take ?? DefaultPage) switch
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
    string TaskId, string Kind, string Queue, string Priority, string Status, int Attempt, TaskError? Error, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? DueAt)
{
    public static TaskSummaryResponse Of(TaskSummary task) => new(
        task.Id.ToString(), task.Kind.Value, task.Id.Queue.Value, task.Priority.ToString(), task.State.WireName(), task.Attempt, task.Error, task.CreatedAt, task.StartedAt, task.FinishedAt, task.DueAt);
}
