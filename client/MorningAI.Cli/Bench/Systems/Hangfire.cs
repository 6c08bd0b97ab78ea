using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>Hangfire (.NET) on Redis, from NuGet, in a small project of its own.</summary>
internal sealed class Hangfire : PeerSystem
{
    public const string SystemName = "hangfire";
    private const string CoreVersion = "1.8.25";
    private const string StorageVersion = "1.12.0";
    private const string Script = "hangfire.cs";

    private static readonly string Project = $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <AssemblyName>bench</AssemblyName>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
            <ServerGarbageCollection>true</ServerGarbageCollection>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Hangfire.Core" Version="{CoreVersion}" />
            <PackageReference Include="Hangfire.Redis.StackExchange" Version="{StorageVersion}" />
          </ItemGroup>
        </Project>
        """;

    private string _dotnet = "";
    private string _program = "";

    public override string Name => SystemName;

    public override IReadOnlyList<string> Configuration { get; } =
    [
        "1 server with 40 workers (20 a processor, its own limit by default), transactions on as by default",
        "one by one is BackgroundJob.Enqueue from 16 threads: its calls block; it has no bulk; results kept",
    ];

    public override int? Page => null;

    public override bool TellsDone => false;

    public override async Task Prepare(BenchCache cache, CancellationToken cancellationToken)
    {
        _dotnet = cache.Program("dotnet") ?? throw new CannotBeHadException("dotnet is not on PATH to build it with: add the .NET SDK 10 to PATH.");
        var folder = cache.Folder(Name);
        _program = Path.Combine(folder, "bin", "bench.dll");
        var source = await BenchCache.Place(Script, folder, cancellationToken);
        var project = Path.Combine(folder, "bench.csproj");
        if (!File.Exists(_program) || await File.ReadAllTextAsync(project, cancellationToken) != Project || File.GetLastWriteTimeUtc(typeof(Hangfire).Assembly.Location) > File.GetLastWriteTimeUtc(_program))
        {
            cache.Say($"Building a program with Hangfire {CoreVersion} in {folder}…");
            await File.WriteAllTextAsync(project, Project, cancellationToken);
            var (code, says) = await BenchCache.Run(folder, _dotnet, ["build", project, "-c", "Release", "-o", Path.Combine(folder, "bin"), "-v", "quiet", "-nologo", "-nodeReuse:false", "-clp:NoSummary"], cancellationToken);
            if (code != 0)
                throw new CannotBeHadException($"{Path.GetFileName(source)} could not be built with its packages: {BenchCache.LastLine(says)}");
            File.SetLastWriteTimeUtc(_program, File.GetLastWriteTimeUtc(typeof(Hangfire).Assembly.Location));
        }

        Version = $"{CoreVersion}, Hangfire.Redis.StackExchange {StorageVersion}";
    }

    public override Task<long> CountDone(BenchRedis redis, long submitted, CancellationToken cancellationToken) =>
        redis.Count(cancellationToken, "GET", "{hangfire}:stats:succeeded");

    protected override ProgramCall Client(BenchStage stage) => new(_dotnet, [_program, "client"]);

    protected override ProgramCall Worker(BenchStage stage) => new(_dotnet, [_program, "worker"]);
}
