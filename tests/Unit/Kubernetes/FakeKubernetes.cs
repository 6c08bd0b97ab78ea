using System.Collections.Concurrent;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using MorningAI.Tests.Unit.Handlers;

namespace MorningAI.Tests.Unit.Kubernetes;

/// <summary>As much of the Kubernetes API as Orleans' agent uses: the pods of one namespace. Keeps what was asked of it.</summary>
internal sealed class FakeKubernetes(params V1Pod[] pods) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly Channel<V1Pod> _deleted = Channel.CreateUnbounded<V1Pod>();
    private LocalServer? _server;

    /// <summary>Verb and resource, as a role would name them.</summary>
    public IReadOnlyCollection<string> Calls => _calls;

    public bool Refuses { get; set; }

    /// <summary>Where nobody listens until it has started.</summary>
    public KubernetesClientConfiguration Configuration => new() { Host = _server?.Url.ToString() ?? "http://127.0.0.1:1" };

    public async Task Start() => _server = await LocalServer.Start(Answer);

    public void Delete(V1Pod pod) => _deleted.Writer.TryWrite(pod);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task Answer(HttpContext context)
    {
        // api/v1/namespaces/NAMESPACE/RESOURCE[/NAME]
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var watches = context.Request.Query["watch"] == "true";
        var verb = context.Request.Method switch
        {
            "GET" when path.Length == 6 => "get",
            "GET" => watches ? "watch" : "list",
            var method => method.ToLowerInvariant(),
        };
        _calls.Enqueue($"{verb} {path[4]}");
        if (Refuses)
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        else if (verb == "get")
            await context.Response.WriteAsync(KubernetesJson.Serialize(pods.Single(p => p.Metadata.Name == path[5])));
        else if (verb == "list")
            await context.Response.WriteAsync(KubernetesJson.Serialize(new V1PodList { ApiVersion = "v1", Kind = "PodList", Items = [.. pods] }));
        else
            await Watch(context);
    }

    private async Task Watch(HttpContext context)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await foreach (var pod in _deleted.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync($$"""{"type":"DELETED","object":{{KubernetesJson.Serialize(pod)}}}""" + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
