using System.Collections.Concurrent;
using System.Text.Json;
using MorningAI.Handlers;
using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>The steps of one attempt: what earlier attempts finished, and what this one adds.</summary>
/// <param name="keep">Makes a result durable; throws where it cannot be.</param>
internal sealed class AttemptSteps(IEnumerable<StepResult> done, Func<StepResult, Task> keep)
{
    public const int MaxNameLength = 100;
    public const int MaxStepBytes = 256 * 1024;

    /// <summary>A record is rewritten with every step, so all of them together stay small.</summary>
    public const int MaxTaskBytes = 1024 * 1024;

    private readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> _steps = new(
        done.Select(s => KeyValuePair.Create(s.Name, new Lazy<Task<byte[]>>(Task.FromResult(s.Result)))));

    private long _bytes = done.Sum(s => s.Result.LongLength);

    public async Task<T> Run<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength)
            throw new ArgumentException($"A step's name has 1 to {MaxNameLength} characters.", nameof(name));
        var mine = _steps.GetOrAdd(name, n => new Lazy<Task<byte[]>>(() => RunAndKeep(n, step, cancellationToken)));
        try
        {
            return Read<T>(name, await mine.Value.ConfigureAwait(false));
        }
        catch
        {
            // It is not done: the handler may try it again.
            _steps.TryRemove(KeyValuePair.Create(name, mine));
            throw;
        }
    }

    private async Task<byte[]> RunAndKeep<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = Write(name, await step(cancellationToken).ConfigureAwait(false));
        if (result.Length > MaxStepBytes || Interlocked.Read(ref _bytes) + result.Length > MaxTaskBytes)
            throw new TaskFailedException(TaskError.StepTooLarge, $"The result of step '{name}' has {result.Length} bytes. A step may have {MaxStepBytes}, all steps of a task {MaxTaskBytes}: store large things elsewhere and return where they are.") { IsFinal = true };
        await keep(new StepResult(name, result)).ConfigureAwait(false);
        Interlocked.Add(ref _bytes, result.Length);
        return result;
    }

    private static byte[] Write<T>(string name, T result)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(result, TaskJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new TaskFailedException(TaskError.Unreadable, $"The result of step '{name}' cannot be written as JSON: is there a number that is none, a cycle, or a type that JSON has no form for?", e) { IsFinal = true };
        }
    }

    private static T Read<T>(string name, byte[] result)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(result, TaskJson.Options)!;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new TaskFailedException(TaskError.Unreadable, $"The stored result of step '{name}' cannot be read as {typeof(T).Name}: was the handler changed since it was stored? {JsonFault.Describe(e)}", e) { IsFinal = true };
        }
    }
}
