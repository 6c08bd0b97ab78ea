namespace MorningAI.Silo.Api;

/// <summary>A silo that is there for its worker takes no requests but its operators'.</summary>
internal sealed class RoleGate(RequestDelegate next, SiloPlan plan)
{
    private static readonly PathString[] Open = ["/health", "/ops", "/metrics", DashboardBranch.Path, "/openapi"];

    public Task Invoke(HttpContext context) => plan.Role != SiloRole.Worker || Array.Exists(Open, path => context.Request.Path.StartsWithSegments(path))
        ? next(context)
        : TypedResults.Problem(
            "This silo runs tasks and takes none over HTTP: ask one with the role all or api.",
            title: "A worker only",
            statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context);
}
