using System.Globalization;
using MorningAI.Silo.Bench;

namespace MorningAI.Tests.Unit.Benching;

public sealed class BenchProbeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("morningai-probe-");
    private readonly BenchProbe _probe;

    public BenchProbeTests() => _probe = new BenchProbe(_folder.FullName, TimeProvider.System);

    public void Dispose()
    {
        _probe.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Started_SampledPayload_TellsBothMoments()
    {
        var before = BenchProbe.Nanoseconds(TimeProvider.System);
        _probe.Started("s123.xxxx");
        var after = BenchProbe.Nanoseconds(TimeProvider.System);

        var line = Assert.Single(File.ReadAllLines(At(BenchProbe.StartsFile))).Split(' ');
        Assert.Equal("123", line[0]);
        Assert.InRange(long.Parse(line[1], CultureInfo.InvariantCulture), before, after);
    }

    [Fact]
    public async Task UntilOpen_GateGoes_AllThatWaitedGo()
    {
        File.WriteAllText(At(BenchProbe.GateFile), "");
        var waiting = Task.WhenAll(_probe.UntilOpen(TestContext.Current.CancellationToken), _probe.UntilOpen(TestContext.Current.CancellationToken));

        Assert.Equal(2, new FileInfo(At(BenchProbe.BlockedFile)).Length);
        Assert.False(waiting.IsCompleted);
        File.Delete(At(BenchProbe.GateFile));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task UntilOpen_MemoryAsked_IsTold()
    {
        File.WriteAllText(At(BenchProbe.GateFile), "");
        File.WriteAllText(At(BenchProbe.MemoryAskedFile), "");
        using var told = new FileSystemWatcher(_folder.FullName, BenchProbe.MemoryFile);
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.Renamed += (_, _) => written.TrySetResult();
        told.EnableRaisingEvents = true;

        var waiting = _probe.UntilOpen(TestContext.Current.CancellationToken);
        await written.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(long.Parse(File.ReadAllText(At(BenchProbe.MemoryFile)), CultureInfo.InvariantCulture) > 0);
        File.Delete(At(BenchProbe.GateFile));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
