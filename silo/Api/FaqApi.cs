using System.Text;
using System.Text.Json;
using MorningAI.Handlers;

namespace MorningAI.Silo.Api;

/// <summary><c>/api/agent</c>: the paths that the original's users know.</summary>
internal static class FaqApi
{
    public static void MapAgents(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/agent/faq", Ask)
            .WithSummary("Ask for an FAQ document")
            .Accepts<AskFaqRequest>("application/json")
            .Produces<ReceiptResponse>(StatusCodes.Status202Accepted)
            .ProducesProblem(400).ProducesProblem(413).ProducesProblem(503);
        app.MapGet("/api/agent/tasks/{id}", TasksApi.Get)
            .WithSummary("Read a task; the same as GET /tasks/{id}")
            .Produces<TaskResponse>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<IResult> Ask(Submissions submissions, HttpContext context, Microsoft.Extensions.Options.IOptions<Agents.Faq.FaqOptions> options)
    {
        var request = await RequestBody.Read<AskFaqRequest>(context);
        if (string.IsNullOrWhiteSpace(request.Question))
            return Problems.BadRequest("The question is empty.");
        var bytes = Encoding.UTF8.GetByteCount(request.Question);
        if (bytes > options.Value.MaxQuestionBytes)
            return Problems.TooLarge($"The question has {bytes} bytes; at most {options.Value.MaxQuestionBytes} are taken.");
        var payload = JsonSerializer.SerializeToElement(new { request.Question, request.Repo }, TaskJson.Options);
        return await submissions.Submit(context, new SubmitTaskRequest { Kind = "faq", Payload = payload, IdempotencyKey = request.IdempotencyKey });
    }
}
