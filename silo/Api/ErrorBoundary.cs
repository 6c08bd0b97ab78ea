using Microsoft.AspNetCore.Diagnostics;

namespace MorningAI.Silo.Api;

/// <summary>What escapes an endpoint becomes problem details. The log has the exception; the caller never sees it.</summary>
internal sealed partial class ErrorBoundary(ILogger<ErrorBoundary> logger) : IExceptionHandler
{
    private readonly ILogger<ErrorBoundary> _logger = logger;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var result = exception switch
        {
            BadRequestException bad => TypedResults.Problem(bad.Message, title: bad.Title, statusCode: bad.Status),
            BadHttpRequestException bad => TypedResults.Problem(bad.Message, title: "Bad request", statusCode: bad.StatusCode),
            StoreUnavailableException unavailable => Problems.Unavailable(context, unavailable.Message, unavailable.RetryAfter),
            TimeoutException or Orleans.Runtime.OrleansException => Problems.Unavailable(context, "A part of the cluster does not answer now. Try again.", TimeSpan.FromSeconds(1)),
            OperationCanceledException when context.RequestAborted.IsCancellationRequested => TypedResults.Empty,
            _ => Unexpected(context, exception),
        };
        await result.ExecuteAsync(context);
        return true;
    }

    private IResult Unexpected(HttpContext context, Exception exception)
    {
        LogUnexpected(exception, context.Request.Method, context.Request.Path, context.TraceIdentifier);
        return TypedResults.Problem($"An error on our side. The silo's log has it under request {context.TraceIdentifier}.", title: "Internal error", statusCode: StatusCodes.Status500InternalServerError);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed (request {RequestId})")]
    private partial void LogUnexpected(Exception exception, string method, string path, string requestId);
}
