using Orleans.Dashboard;

namespace MorningAI.Silo.Api;

/// <summary>
/// Orleans' dashboard, put together by the first who asks for it: it compresses all of its files then, which takes half a
/// second that every start would wait for.
/// </summary>
internal static class DashboardBranch
{
    public const string Path = "/dashboard";

    public static void UseDashboard(this WebApplication app)
    {
        var dashboard = new Lazy<RequestDelegate>(() => Build(app.Services));
        app.Use((context, next) => context.Request.Path.StartsWithSegments(Path) ? dashboard.Value(context) : next(context));
    }

    /// <summary>With a routing of its own: the silo's is made once, before its first request.</summary>
    private static RequestDelegate Build(IServiceProvider services)
    {
        var branch = new ApplicationBuilder(services);
        branch.UseRouting();
        branch.UseEndpoints(endpoints => endpoints.MapOrleansDashboard(Path));
        return branch.Build();
    }
}
