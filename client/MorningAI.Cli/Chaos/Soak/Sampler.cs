using System.Text.Json;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Soak;

/// <summary>Looks every ten seconds, and once more at the end, at what every process of a run holds.</summary>
internal sealed class Sampler : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly ChaosStage _stage;
    private readonly SampleFile _file;
    private readonly long _began;
    private readonly Task _sampling;

    private Sampler(ChaosStage stage, SampleFile file)
    {
        _stage = stage;
        _file = file;
        _began = stage.Time.GetTimestamp();
        _sampling = Run();
    }

    public static Sampler Begin(ChaosStage stage, SampleFile file) => new(stage, file);

    /// <summary>Returns after the last sample.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        await Take();
        _stop.Dispose();
    }

    private async Task Run()
    {
        using var timer = new PeriodicTimer(Every, _stage.Time);
        try
        {
            do
                await Take();
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The last one is taken by who stopped it.
        }
    }

    private async Task Take()
    {
        var at = _stage.Time.GetElapsedTime(_began).TotalSeconds;
        var samples = await Task.WhenAll([.. _stage.Silos.Select(s => OfSilo(s, at)), OfRedis(at)]);
        foreach (var sample in samples.OfType<Sample>())
            _file.Write(sample);
    }

    private static async Task<Sample?> OfSilo(SiloProcess silo, double at)
    {
        if (silo.RunningId is not { } id)
            return null;
        var told = await silo.SeeProcess(CancellationToken.None);
        return OfSystem(new Sample(at, silo.Name, id)) with
        {
            HeapBytes = Number(told, "heap_bytes"),
            Activations = Number(told, "activations"),
            Timers = Number(told, "timers"),
            JournalBytes = SystemFigures.FileBytes(silo.DataFolder, "journal.db*"),
        };
    }

    private async Task<Sample?> OfRedis(double at)
    {
        if (_stage.Redis.RunningId is not { } id)
            return null;
        var sample = OfSystem(new Sample(at, Sample.Redis, id));
        try
        {
            return sample with
            {
                RedisKeys = await _stage.Redis.CountKeys(CancellationToken.None),
                RedisMemoryBytes = await _stage.Redis.UsedMemory(CancellationToken.None),
            };
        }
        catch (Exception e) when (e is IOException or TimeoutException or RedisErrorException)
        {
            return sample; // that is the fault's doing
        }
    }

    private static Sample OfSystem(Sample sample) => sample with
    {
        ResidentBytes = SystemFigures.ResidentBytes(sample.Id),
        Threads = SystemFigures.Threads(sample.Id),
        Handles = SystemFigures.Handles(sample.Id),
    };

    private static long? Number(JsonElement? told, string name) =>
        told is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}
