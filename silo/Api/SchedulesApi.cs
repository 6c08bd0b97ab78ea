using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary><c>/schedules</c>: make, list, pause, resume, trigger, remove.</summary>
internal static class SchedulesApi
{
    private const int LongestPage = 1000;

    public static void MapSchedules(this IEndpointRouteBuilder app)
    {
        app.MapPut("/schedules/{name}", Put)
            .WithSummary("Make a schedule, or change it")
            .Accepts<PutScheduleRequest>("application/json")
            .Produces<ScheduleResponse>().Produces<ScheduleResponse>(StatusCodes.Status201Created)
            .ProducesProblem(400).ProducesProblem(413).ProducesProblem(503);
        app.MapGet("/schedules", List)
            .WithSummary("A page of schedules by name")
            .Produces<ScheduleListResponse>().ProducesProblem(400).ProducesProblem(503);
        app.MapGet("/schedules/{name}", Get).Describe<ScheduleResponse>("Read a schedule");
        app.MapPost("/schedules/{name}/pause", Pause).Describe<ScheduleResponse>("Let a schedule come due no more until it is resumed");
        app.MapPost("/schedules/{name}/resume", Resume).Describe<ScheduleResponse>("Let a paused schedule come due again, from now on");
        app.MapPost("/schedules/{name}/trigger", Trigger).Describe<ReceiptResponse>("Fire a schedule once by hand", StatusCodes.Status202Accepted);
        app.MapDelete("/schedules/{name}", Remove).Describe<ScheduleRemovedResponse>("Remove a schedule; the tasks that it made stay");
    }

    private static void Describe<T>(this RouteHandlerBuilder route, string summary, int status = StatusCodes.Status200OK) => route
        .WithSummary(summary)
        .Produces<T>(status)
        .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);

    private static async Task<IResult> Put(string name, IGrainFactory grains, IOptions<IntakeOptions> intake, HttpContext context)
    {
        if (!ScheduleName.TryParse(name, out var schedule))
            return NotAName();
        var request = await RequestBody.Read<PutScheduleRequest>(context);
        return Read(request, intake.Value.MaxTimeout, out var spec) is { } fault
            ? Problems.BadRequest(fault)
            : await grains.GetSchedule(schedule).Put(spec!) switch
            {
                ScheduleStored { Created: true } stored => TypedResults.Json(ScheduleResponse.Of(stored.Schedule), statusCode: StatusCodes.Status201Created),
                ScheduleStored stored => TypedResults.Json(ScheduleResponse.Of(stored.Schedule)),
                ScheduleRefused refused => Problems.BadRequest(refused.Message),
                _ => TypedResults.Problem("The schedule gave an answer that this version does not know.", statusCode: StatusCodes.Status500InternalServerError),
            };
    }

    private static async Task<IResult> List(string? after, int? take, IGrainFactory grains)
    {
        ScheduleName? last = null;
        if (after is { Length: > 0 })
        {
            if (!ScheduleName.TryParse(after, out var parsed))
                return Problems.BadRequest("after must be the name that the page before gave as next.");
            last = parsed;
        }

        if (take is < 1 or > LongestPage)
            return Problems.BadRequest($"take must be 1 to {LongestPage}.");
        var (schedules, next) = await grains.ListSchedules(last, take ?? 100);
        return TypedResults.Json(new ScheduleListResponse([.. schedules.Select(ScheduleResponse.Of)], next?.Value));
    }

    private static Task<IResult> Get(string name, IGrainFactory grains) => Of(name, grains, s => s.Get());

    private static Task<IResult> Pause(string name, string? by, IGrainFactory grains) => by is { Length: > SchedulePause.MaxBy }
        ? Task.FromResult<IResult>(Problems.BadRequest($"by may have {SchedulePause.MaxBy} characters at most."))
        : Of(name, grains, s => s.Pause(by));

    private static Task<IResult> Resume(string name, IGrainFactory grains) => Of(name, grains, s => s.Resume());

    private static async Task<IResult> Trigger(string name, IGrainFactory grains, TimeProvider time, HttpContext context)
    {
        if (!ScheduleName.TryParse(name, out var schedule))
            return NotAName();
        var outcome = await grains.GetSchedule(schedule).Trigger(Guid.CreateVersion7(time.GetUtcNow()));
        return outcome is null ? NoSuchSchedule(name) : Problems.Of(context, outcome);
    }

    private static async Task<IResult> Remove(string name, IGrainFactory grains)
    {
        if (!ScheduleName.TryParse(name, out var schedule))
            return NotAName();
        return await grains.GetSchedule(schedule).Remove() ? TypedResults.Json(new ScheduleRemovedResponse(name)) : NoSuchSchedule(name);
    }

    private static async Task<IResult> Of(string name, IGrainFactory grains, Func<IScheduleGrain, Task<ScheduleSnapshot?>> call)
    {
        if (!ScheduleName.TryParse(name, out var schedule))
            return NotAName();
        return await call(grains.GetSchedule(schedule)) is { } found ? TypedResults.Json(ScheduleResponse.Of(found)) : NoSuchSchedule(name);
    }

    /// <returns>What is wrong; null where nothing is, as far as the words go: the schedule looks at the rest.</returns>
    private static string? Read(PutScheduleRequest request, TimeSpan maxTimeout, out ScheduleSpec? spec)
    {
        spec = null;
        if (!TaskKind.TryParse(request.Kind, out var kind))
            return "kind: use 1 to 64 characters of a-z, 0-9, '_', '-' and '.'.";
        QueueName? queue = null;
        if (request.Queue is { } named)
        {
            if (!QueueName.TryParse(named, out var parsed))
                return "queue: use 1 to 64 characters of a-z, 0-9, '_' and '-', starting with a letter or digit.";
            queue = parsed;
        }

        if (!Submissions.TryReadPriority(request.Priority, out var priority))
            return "priority: use P0, P1, P2 or P3.";
        if (!TryRead(request.Misfire, MisfirePolicy.Once, out var misfire))
            return "misfire: use once, all or skip.";
        if (!TryRead(request.Overlap, OverlapPolicy.Allow, out var overlap))
            return "overlap: use allow or skip.";
        if (request.TimeoutSeconds is { } seconds && !(seconds > 0 && seconds <= maxTimeout.TotalSeconds))
            return $"timeout_seconds: must be above 0 and at most {maxTimeout.TotalSeconds}.";
        spec = new ScheduleSpec
        {
            Cron = request.Cron,
            Zone = request.Zone ?? ScheduleSpec.Utc,
            Kind = kind,
            Payload = request.Payload is { ValueKind: not JsonValueKind.Undefined } payload ? Encoding.UTF8.GetBytes(payload.GetRawText()) : "{}"u8.ToArray(),
            Queue = queue,
            Priority = priority,
            Timeout = request.TimeoutSeconds is { } s ? TimeSpan.FromSeconds(s) : null,
            Misfire = misfire,
            Overlap = overlap,
        };
        return null;
    }

    private static bool TryRead<T>(string? text, T none, out T value)
        where T : struct, Enum
    {
        value = none;
        return text is null || (text.All(char.IsAsciiLetterLower) && Enum.TryParse(text, ignoreCase: true, out value));
    }

    private static IResult NotAName() => Problems.BadRequest($"name: a schedule's name has {ScheduleName.Form}.");

    private static IResult NoSuchSchedule(string name) =>
        TypedResults.Problem($"There is no schedule {name}. GET /schedules lists those that are.", title: "No such schedule", statusCode: StatusCodes.Status404NotFound);
}
