using System.Text.Json;
using MorningAI.Diagnosis;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Tasks;

namespace MorningAI.Cli.Silos;

/// <summary>What a silo can be asked.</summary>
internal sealed class SiloApi(SiloConnection connection) : IDisposable
{
    /// <summary>How long the silo may hold a read back while there is no news: its own limit.</summary>
    private const int WaitSeconds = 20;

    public Uri Url => connection.Url;

    public Task<Answer<Receipt>> Ask(Question question, CancellationToken cancellationToken) =>
        connection.Post("api/agent/faq", new FaqBody(question.Text, question.Repo), SiloJson.Default.FaqBody, SiloJson.Default.Receipt, cancellationToken);

    public Task<Answer<Receipt>> Submit(Submission submission, CancellationToken cancellationToken)
    {
        var body = new SubmitBody(
            submission.Kind.Value,
            submission.Payload,
            submission.Queue?.Value,
            submission.Priority?.ToString(),
            submission.IdempotencyKey,
            submission.Timeout?.TotalSeconds)
        {
            DelaySeconds = submission.Delay?.TotalSeconds,
            DueAt = submission.DueAt,
            DeadlineSeconds = submission.Deadline?.TotalSeconds,
            Retry = submission.Retry,
            Tags = submission.Tags,
            OrderKey = submission.OrderKey,
            LimitKey = submission.LimitKey,
            UniqueKey = submission.UniqueKey,
            UniqueUntil = submission.UniqueUntil,
        };
        return connection.Post("tasks", body, SiloJson.Default.SubmitBody, SiloJson.Default.Receipt, cancellationToken);
    }

    public Task<Answer<TaskView>> Get(TaskId task, CancellationToken cancellationToken) =>
        connection.Get($"tasks/{task}", SiloJson.Default.TaskView, cancellationToken);

    /// <summary>What it was submitted with.</summary>
    public Task<Answer<JsonElement>> GetPayload(TaskId task, CancellationToken cancellationToken) =>
        connection.Get($"tasks/{task}/payload", SiloJson.Default.JsonElement, cancellationToken);

    /// <summary>Answers once the revision is above <paramref name="after"/>, or after a while without news.</summary>
    public Task<Answer<TaskView>> GetNewer(TaskId task, long after, CancellationToken cancellationToken) =>
        connection.Get($"tasks/{task}?after={after}&wait_seconds={WaitSeconds}", SiloJson.Default.TaskView, cancellationToken);

    /// <param name="last">The id of the last event that is known; empty for none.</param>
    /// <returns>Null where the silo has none.</returns>
    public Task<SiloEvents?> Follow(TaskId task, string last, CancellationToken cancellationToken) =>
        connection.Events($"tasks/{task}/events", last, cancellationToken);

    public Task<Answer<TaskView>> Cancel(TaskId task, CancellationToken cancellationToken) =>
        connection.Post($"tasks/{task}/cancel", SiloJson.Default.TaskView, cancellationToken);

    /// <param name="after">What the page before gave as next; null for the first page.</param>
    public Task<Answer<TaskListView>> List(TaskFilter filter, string? after, int take, CancellationToken cancellationToken) =>
        connection.Get($"tasks?{filter.Query(after, take)}", SiloJson.Default.TaskListView, cancellationToken);

    /// <returns>The task itself, where it waited for its next attempt; else a new one like it.</returns>
    public Task<Answer<RetriedView>> Retry(TaskId task, CancellationToken cancellationToken) =>
        connection.Post($"tasks/{task}/retry", SiloJson.Default.RetriedView, cancellationToken);

    public Task<Answer<TaskDeletedView>> Delete(TaskId task, CancellationToken cancellationToken) =>
        connection.Delete($"tasks/{task}", SiloJson.Default.TaskDeletedView, cancellationToken);

    public Task<Answer<BulkView>> Bulk(BulkBody body, CancellationToken cancellationToken) =>
        connection.Post("tasks/bulk", body, SiloJson.Default.BulkBody, SiloJson.Default.BulkView, cancellationToken);

    public Task<Answer<ExplanationView>> Explain(TaskId task, CancellationToken cancellationToken) =>
        connection.Get($"tasks/{task}/explain", SiloJson.Default.ExplanationView, cancellationToken);

    public Task<Answer<ExplanationView>> Explain(QueueName queue, CancellationToken cancellationToken) =>
        connection.Get($"queues/{queue}/explain", SiloJson.Default.ExplanationView, cancellationToken);

    public Task<Answer<QueueStandingsView>> ListQueues(CancellationToken cancellationToken) =>
        connection.Get("queues", SiloJson.Default.QueueStandingsView, cancellationToken);

    /// <param name="word">pause, drain or resume.</param>
    public Task<Answer<QueueControlView>> Decide(QueueName queue, string word, string? by, string? reason, CancellationToken cancellationToken)
    {
        var said = string.Join('&', new[] { ("by", by), ("reason", reason) }.Where(p => p.Item2 is not null).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}"));
        return connection.Post($"queues/{queue}/{word}{(said.Length > 0 ? $"?{said}" : "")}", SiloJson.Default.QueueControlView, cancellationToken);
    }

    /// <summary>Cancels some of what waits; to be repeated until nothing is left.</summary>
    public Task<Answer<QueueClearedView>> ClearQueue(QueueName queue, CancellationToken cancellationToken) =>
        connection.Post($"queues/{queue}/clear?confirm=true", SiloJson.Default.QueueClearedView, cancellationToken);

    public Task<Answer<ScheduleView>> PutSchedule(ScheduleName name, ScheduleBody body, CancellationToken cancellationToken) =>
        connection.Put($"schedules/{name}", body, SiloJson.Default.ScheduleBody, SiloJson.Default.ScheduleView, cancellationToken);

    /// <param name="after">The name that the page before gave as next; null for the first page.</param>
    public Task<Answer<ScheduleListView>> ListSchedules(string? after, CancellationToken cancellationToken) =>
        connection.Get(after is null ? "schedules" : $"schedules?after={Uri.EscapeDataString(after)}", SiloJson.Default.ScheduleListView, cancellationToken);

    public Task<Answer<ScheduleView>> PauseSchedule(ScheduleName name, string? by, CancellationToken cancellationToken) =>
        connection.Post($"schedules/{name}/pause{(by is null ? "" : $"?by={Uri.EscapeDataString(by)}")}", SiloJson.Default.ScheduleView, cancellationToken);

    public Task<Answer<ScheduleView>> ResumeSchedule(ScheduleName name, CancellationToken cancellationToken) =>
        connection.Post($"schedules/{name}/resume", SiloJson.Default.ScheduleView, cancellationToken);

    public Task<Answer<Receipt>> TriggerSchedule(ScheduleName name, CancellationToken cancellationToken) =>
        connection.Post($"schedules/{name}/trigger", SiloJson.Default.Receipt, cancellationToken);

    public Task<Answer<ScheduleRemovedView>> RemoveSchedule(ScheduleName name, CancellationToken cancellationToken) =>
        connection.Delete($"schedules/{name}", SiloJson.Default.ScheduleRemovedView, cancellationToken);

    public Task<Answer<Overview>> GetOverview(CancellationToken cancellationToken) =>
        connection.Get("ops/overview", SiloJson.Default.Overview, cancellationToken);

    public Task<Answer<AlertListView>> ListAlerts(CancellationToken cancellationToken) =>
        connection.Get("ops/alerts", SiloJson.Default.AlertListView, cancellationToken);

    public Task<Answer<AlertView>> AcknowledgeAlert(string id, string? by, CancellationToken cancellationToken) =>
        connection.Post($"ops/alerts/{Uri.EscapeDataString(id)}/ack{(by is null ? "" : $"?by={Uri.EscapeDataString(by)}")}", SiloJson.Default.AlertView, cancellationToken);

    public Task<Answer<RedisPing>> PingRedis(CancellationToken cancellationToken) =>
        connection.Get("ops/redis/ping", SiloJson.Default.RedisPing, cancellationToken);

    public Task<Answer<RedisDiagnosis>> DiagnoseRedis(CancellationToken cancellationToken) =>
        connection.Post("ops/redis/diagnose", SiloJson.Default.RedisDiagnosis, cancellationToken);

    public Task<Answer<RedisInfo>> GetRedis(CancellationToken cancellationToken) =>
        connection.Get("ops/redis", SiloJson.Default.RedisInfo, cancellationToken);

    public Task<Answer<LatencyReport>> GetLatency(CancellationToken cancellationToken) =>
        connection.Get("ops/latency", SiloJson.Default.LatencyReport, cancellationToken);

    public void Dispose() => connection.Dispose();
}
