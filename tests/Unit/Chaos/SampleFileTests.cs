using MorningAI.Cli;
using MorningAI.Cli.Chaos.Soak;

namespace MorningAI.Tests.Unit.Chaos;

public sealed class SampleFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("morningai-samples-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Write_Samples_AreLinesUnderTheirHeaderAtOnce()
    {
        var path = Path.Combine(_folder.FullName, "samples.csv");
        File.WriteAllText(path, "of an earlier run");
        using var file = SampleFile.Open(path);
        file.Write(new Sample(0, "silo-1", 7) { ResidentBytes = 100, HeapBytes = 50, Handles = 3, Threads = 20, Activations = 5, Timers = 9, JournalBytes = 4096 });
        file.Write(new Sample(10.04, Sample.Redis, 8) { RedisKeys = 2, RedisMemoryBytes = 900 });

        Assert.Equal([Sample.Header, "0.0,silo-1,7,100,50,3,20,5,9,4096,,", "10.0,redis,8,,,,,,,,2,900"], File.ReadAllLines(path));
        Assert.All(File.ReadAllLines(path), line => Assert.Equal(11, line.Count(c => c == ',')));
        Assert.Equal(2, file.Written.Count);
    }

    [Fact]
    public void Open_NoSuchFolder_SaysThatItCannotBeWritten() =>
        Assert.Contains("Cannot write samples to", Assert.Throws<CliException>(() => SampleFile.Open(Path.Combine(_folder.FullName, "none", "samples.csv"))).Message);

    [Fact]
    public void SystemFigures_ThisProcess_AreThere()
    {
        Assert.True(SystemFigures.ResidentBytes(Environment.ProcessId) > 0);
        Assert.True(SystemFigures.Threads(Environment.ProcessId) > 0);
        Assert.Equal(OperatingSystem.IsLinux(), SystemFigures.Handles(Environment.ProcessId) > 0);
    }

    [Fact]
    public void SystemFigures_NoSuchProcess_AreUnknown()
    {
        Assert.Null(SystemFigures.ResidentBytes(int.MaxValue));
        Assert.Null(SystemFigures.Handles(int.MaxValue));
    }
}
