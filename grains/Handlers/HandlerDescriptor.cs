using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Handlers;

/// <summary>What may be set for a kind when its handler is registered.</summary>
public sealed class HandlerOptions
{
    /// <summary>A timer runs no longer than 2^32 ms, which are 49.7 days.</summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(49);

    /// <summary>Where its tasks go that name no queue. Default: <c>default</c>.</summary>
    public QueueName Queue { get; set; } = QueueName.Default;

    /// <summary>How long one attempt may take. Default: 600 s, as the original's job timeout.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>Of tasks that bring none of their own. Default: 3 retries, after 10, 30 and 60 s, as the original.</summary>
    public RetryPolicy Retry { get; set; } = RetryPolicy.Default;

    /// <summary>Whether the kind tells progress and results that people should see; shown by <c>info</c>.</summary>
    public string? Description { get; set; }
}

/// <summary>One kind and the handler behind it, with the types folded away: JSON in, JSON out.</summary>
public abstract class HandlerDescriptor(TaskKind kind, HandlerOptions options)
{
    public TaskKind Kind { get; } = kind;

    public HandlerOptions Options { get; } = options;

    /// <returns>Why the handler cannot read the payload, for the submitter; null where it can.</returns>
    public abstract string? Check(ReadOnlySpan<byte> payload);

    /// <summary>Reads the payload, runs the handler, writes its result.</summary>
    /// <exception cref="TaskFailedException">The payload cannot be read (<see cref="TaskError.Unreadable"/>), or the handler said so.</exception>
    public abstract Task<byte[]> Run(IServiceProvider services, ReadOnlyMemory<byte> payload, ITaskContext context);
}

internal sealed class HandlerDescriptor<THandler, TPayload, TResult>(TaskKind kind, HandlerOptions options, Func<TPayload, string?>? check)
    : HandlerDescriptor(kind, options)
    where THandler : class, ITaskHandler<TPayload, TResult>
{
    public override string? Check(ReadOnlySpan<byte> payload)
    {
        try
        {
            var value = JsonSerializer.Deserialize<TPayload>(payload, TaskJson.Options);
            if (value is null)
                return $"a payload of kind '{Kind}' must not be null";
            return check?.Invoke(value);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return JsonFault.Describe(e);
        }
    }

    public override async Task<byte[]> Run(IServiceProvider services, ReadOnlyMemory<byte> payload, ITaskContext context)
    {
        var value = Read(payload.Span);
        var handler = services.GetRequiredService<THandler>();
        var result = await handler.Handle(value, context).ConfigureAwait(false);
        return Write(result);
    }

    private byte[] Write(TResult result)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(result, TaskJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new TaskFailedException(TaskError.Unreadable, $"The result of kind '{Kind}' cannot be written as JSON. Its handler is at fault: is there a number that is none, a cycle, or a type that JSON has no form for?", e) { IsFinal = true };
        }
    }

    private TPayload Read(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize<TPayload>(payload, TaskJson.Options)
                ?? throw new TaskFailedException(TaskError.Unreadable, $"The payload is null; kind '{Kind}' needs one.") { IsFinal = true };
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new TaskFailedException(TaskError.Unreadable, $"The payload cannot be read: {JsonFault.Describe(e)}", e) { IsFinal = true };
        }
    }
}
