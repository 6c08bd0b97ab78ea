using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using MorningAI.Intake;

namespace MorningAI.Silo.Api;

/// <summary>Every error as RFC 9457 problem details: what is wrong, in a title, and how to mend it, in a detail.</summary>
internal static class Problems
{
    public static ProblemHttpResult BadRequest(string detail) => TypedResults.Problem(detail, title: "Bad request", statusCode: StatusCodes.Status400BadRequest);

    public static ProblemHttpResult TooLarge(string detail) => TypedResults.Problem(detail, title: "Too large", statusCode: StatusCodes.Status413PayloadTooLarge);

    public static ProblemHttpResult NoSuchTask(string id) =>
        TypedResults.Problem($"There is no task {id}. Finished tasks are kept for a time only.", title: "No such task", statusCode: StatusCodes.Status404NotFound);

    public static ProblemHttpResult Conflict(string detail) => TypedResults.Problem(detail, title: "Conflict", statusCode: StatusCodes.Status409Conflict);

    public static IResult Unavailable(HttpContext context, string detail, TimeSpan retryAfter)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(detail, title: "Unavailable", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    public static IResult Of(HttpContext context, SubmitOutcome outcome) => outcome switch
    {
        TaskAccepted accepted => TypedResults.Json(ReceiptResponse.Of(accepted.Receipt), statusCode: StatusCodes.Status202Accepted),
        TaskRefused { Reason: RefusalReason.PayloadTooLarge } refused => TooLarge(refused.Message),
        TaskRefused { Reason: RefusalReason.QueueDraining } refused => Conflict(refused.Message),
        TaskRefused refused => BadRequest(refused.Message),
        StoreUnavailable unavailable => Unavailable(context, unavailable.Message, unavailable.RetryAfter),
        SubmitUncertain uncertain => Unavailable(context, $"Task {uncertain.TaskId} may exist: {uncertain.Message} Ask for it by its id later, or submit it again with the same idempotency_key.", TimeSpan.FromSeconds(1)),
        _ => TypedResults.Problem("The intake gave an answer that this version does not know.", statusCode: StatusCodes.Status500InternalServerError),
    };
}

/// <summary>A request that cannot be served as it is; becomes a problem response.</summary>
internal sealed class BadRequestException(int status, string title, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Title { get; } = title;
}
