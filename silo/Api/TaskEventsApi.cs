using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary><c>GET /tasks/{id}/events</c>: a task's events as they happen. Nothing is kept for a stream but its place.</summary>
internal static class TaskEventsApi
{
    /// <summary>How long the task holds a call back. Short: a call to a silo that died is not refused, but overdue; and what a client that left has asked is over soon.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    /// <summary>For the answer to come back after that.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static async Task<IResult> Follow(
        string id,
        string? last_event_id,
        IGrainFactory grains,
        Watchers watchers,
        IOptions<WatchOptions> options,
        IOptions<JsonOptions> json,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        HttpContext context)
    {
        if (!TaskId.TryParse(id, out var taskId))
            return TasksApi.NotAnId();
        var after = EventCursor.Start;
        var named = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } header, ..] ? header : last_event_id;
        if (!string.IsNullOrEmpty(named) && !EventCursor.TryParse(named, out after))
            return Problems.BadRequest("Last-Event-ID is not an event's id: send the last one that you got, as it was, or none to start from the beginning.");
        using var place = watchers.TryEnter();
        if (place is null)
            return Problems.Unavailable(context, $"This silo has {options.Value.MaxStreams} event streams open, the most it may have. Try another one, or again.", TimeSpan.FromSeconds(5));

        var task = grains.GetTask(taskId);
        // Asked before the answer begins: whether there is such a task is said by its status.
        TaskNews? news = null;
        try
        {
            news = await task.Follow(after, null, TimeSpan.Zero).WaitAsync(Hold + Grace, time, context.RequestAborted);
            if (news is null)
                return Problems.NoSuchTask(id);
            if (news is { Ended: true, Happenings.Count: 0 })
                return TypedResults.NoContent(); // to an EventSource: do not connect again
        }
        catch (Exception e) when (after != EventCursor.Start && IsPassing(e))
        {
            // Whoever comes from a silo that died does so before it is known to be dead: to be turned away now would be the
            // end for an EventSource. There was such a task, and it comes up again.
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var stream = new EventStream(context.Response, json.Value.SerializerOptions, options.Value.Heartbeat, time);
        try
        {
            await stream.Begin(stop.Token);
            await Tell(task, after, news, stream, options.Value.Patience, time, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The client left, or this silo does: whoever wants more asks another one, from the last id.
        }
        catch (IOException)
        {
            // The connection broke: the same.
        }

        return TypedResults.Empty;
    }

    private static async Task Tell(ITaskGrain task, EventCursor after, TaskNews? news, EventStream stream, TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        TaskProgress? shown = null;
        for (var heard = time.GetTimestamp(); time.GetElapsedTime(heard) < patience;)
        {
            if (news is not null)
            {
                heard = time.GetTimestamp();
                await stream.Write(news.Happenings, stop);
                if (news.Ended)
                    return;
                after = news.Happenings is [.., var last] ? last.Id : after;
                shown = news.Happenings.OfType<ProgressMade>().LastOrDefault()?.Progress ?? shown;
            }

            await stream.Beat(stop);
            news = await Ask(task, after, shown, time, stop);
        }
    }

    /// <returns>Null where there is no answer now.</returns>
    private static async Task<TaskNews?> Ask(ITaskGrain task, EventCursor after, TaskProgress? shown, TimeProvider time, CancellationToken stop)
    {
        try
        {
            if (await task.Follow(after, shown, Hold).WaitAsync(Hold + Grace, time, stop) is { } news)
                return news;
        }
        catch (Exception e) when (IsPassing(e))
        {
            // Its silo died, or its record cannot be read now: it comes up elsewhere, or again.
        }

        await Task.Delay(Pause, time, stop);
        return null;
    }

    private static bool IsPassing(Exception e) => e is StoreUnavailableException or TimeoutException or Orleans.Runtime.OrleansException;
}
