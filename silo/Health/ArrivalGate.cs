namespace MorningAI.Silo.Health;

/// <summary>Until the silo has joined, health is all that it can speak of, and the way to its Redis: which may be what it waits for.</summary>
internal sealed class ArrivalGate(RequestDelegate next, IHostApplicationLifetime lifetime, SiloArrival arrival)
{
    public async Task Invoke(HttpContext context)
    {
        if (lifetime.ApplicationStarted.IsCancellationRequested || context.Request.Path.StartsWithSegments("/health") || context.Request.Path.StartsWithSegments("/ops/redis"))
        {
            await next(context);
            return;
        }

        context.Response.Headers.RetryAfter = "1";
        await TypedResults.Problem($"This silo is not ready yet: {arrival.Waits}. Try again.", statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
    }
}
