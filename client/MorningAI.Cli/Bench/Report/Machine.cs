using System.Globalization;
using System.Runtime.InteropServices;
using MorningAI.Cli.Bench.Systems;

namespace MorningAI.Cli.Bench.Report;

/// <summary>Where it was measured.</summary>
internal sealed record Machine(int Processors, double MemoryGiB, string System, string Framework, string Redis, string? Load)
{
    public static async Task<Machine> Read(string redisProgram, CancellationToken cancellationToken)
    {
        var (_, redis) = await BenchCache.Run(Path.GetTempPath(), redisProgram, ["--version"], cancellationToken);
        return new Machine(
            Environment.ProcessorCount,
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(2, 30), 1),
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
            RuntimeInformation.FrameworkDescription,
            redis.Split(' ').FirstOrDefault(w => w.StartsWith("v=", StringComparison.Ordinal))?[2..] ?? redis,
            OperatingSystem.IsLinux() ? (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0] : null);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Processors} processors, {MemoryGiB} GiB, {System}, {Framework}, Redis {Redis} (appendfsync everysec, save \"\"){(Load is null ? "" : $", load {Load} at the end")}");
}
