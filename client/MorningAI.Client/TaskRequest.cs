using MorningAI.Client.Submitting;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>One of many tasks to be submitted together.</summary>
public sealed record TaskRequest
{
    private TaskRequest(TaskKind kind, byte[] payload, SubmitOptions options)
    {
        Kind = kind;
        Payload = payload;
        Options = options;
    }

    /// <summary>What the task is to do.</summary>
    public TaskKind Kind { get; }

    /// <summary>UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The rest.</summary>
    public SubmitOptions Options { get; }

    /// <summary>Writes the payload as JSON.</summary>
    /// <typeparam name="TPayload">Written with snake_case names.</typeparam>
    /// <param name="kind">The name that the task's handler is registered under.</param>
    /// <param name="payload">What the handler reads; not null.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">The kind is no kind, the payload cannot be written, or the options contradict each other.</exception>
    public static TaskRequest Create<TPayload>(string kind, TPayload payload, SubmitOptions? options = null) =>
        new(SubmissionWriter.ReadKind(kind), SubmissionWriter.WritePayload(payload), SubmissionWriter.Check(options));
}
