using System.Globalization;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace MorningAI.Storage;

/// <summary>
/// The storage provider of every grain that has <c>[PersistentState]</c>: <see cref="IDurableRecords"/> in Orleans'
/// words. The store's etag is version and writer; Orleans' holds the versions that this silo, the writer, goes by.
/// </summary>
internal sealed class DurableStorage(IDurableRecords records, Serializer serializer) : IGrainStorage
{
    /// <summary>The provider's name, and the default.</summary>
    public const string Name = "durable";

    private readonly ulong _writer = (ulong)Random.Shared.NextInt64();

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await records.Read(KeyOf(stateName, grainId)).ConfigureAwait(false);
        if (stored is not { } record)
        {
            SetEmpty(grainState);
            return;
        }

        try
        {
            grainState.State = serializer.Deserialize<T>(record.Body);
            grainState.RecordExists = true;
            grainState.ETag = Etag(record.Header.Version, record.Header.Version);
        }
        catch (Exception e) when (UnreadableRecord.IsCauseOf(e))
        {
            await records.Quarantine(KeyOf(stateName, grainId), record.Header.Prepend(record.Body.Span), $"It is not a {typeof(T).Name} as this version writes it: {e.Message}").ConfigureAwait(false);
            SetEmpty(grainState);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        await Put(stateName, grainId, grainState, serializer.SerializeToArray(grainState.State)).ConfigureAwait(false);

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Put(stateName, grainId, grainState, body: null).ConfigureAwait(false);
        SetEmpty(grainState);
    }

    private static void SetEmpty<T>(IGrainState<T> grainState)
    {
        grainState.RecordExists = false;
        grainState.ETag = null;
        grainState.State = Activator.CreateInstance<T>();
    }

    private async Task Put<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? body)
    {
        var (known, last) = Versions(grainState.ETag);
        // A write that seems to fail may have landed, so its version is never used again, whatever happens below.
        grainState.ETag = Etag(known, last + 1);
        var outcome = await records.Write(new RecordWrite
        {
            Key = KeyOf(stateName, grainId),
            Version = last + 1,
            Base = known,
            Writer = _writer,
            Body = body,
        }).ConfigureAwait(false);
        if (outcome.Result is WriteResult.Conflict or WriteResult.Exists)
            throw new InconsistentStateException($"{stateName} of {grainId} was written by another activation since this one read it.", "another activation's", grainState.ETag);
        grainState.RecordExists = true;
        grainState.ETag = Etag(last + 1, last + 1);
    }

    /// <summary>Sixteen tags for all grains of this kind: each tag is a stream, and a cursor in the store.</summary>
    private static RecordKey KeyOf(string stateName, GrainId grainId) => new($"grains-{grainId.GetUniformHashCode() % 16:x}", stateName, grainId.ToString());

    /// <summary>The version known to be stored, and the last one tried.</summary>
    private static string Etag(long known, long last) => string.Create(CultureInfo.InvariantCulture, $"{known}-{last}");

    private static (long Known, long Last) Versions(string? etag)
    {
        if (etag is null)
            return (0, 0);
        var dash = etag.IndexOf('-');
        return (long.Parse(etag.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture), long.Parse(etag.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
