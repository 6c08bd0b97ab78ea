using System.Globalization;
using System.Reflection;
using MorningAI.Cli.Bench.Load;
using MorningAI.Cli.Bench.Stage;
using MorningAI.Cli.Chaos.Stage;
using MorningAI.Silo.Bench;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>This system: one silo, and the client library in a process of its own.</summary>
internal sealed class MorningAISystem : BenchSystem
{
    public const string SystemName = "morningai";

    /// <summary>Attempts at a time, as BullMQ is given: no-op jobs wait for nothing but the store.</summary>
    public const int Concurrency = 100;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    public override string Name => SystemName;

    public override IReadOnlyList<string> Configuration { get; } =
    [
        string.Create(CultureInfo.InvariantCulture, $"1 silo, MorningAI:Workers:Concurrency {Concurrency}, all else as by default: journal, fencing and durable records on, 1 partition"),
        "client library in a process of its own; submits one by one share calls, bulk is SubmitMany of 4,096; results kept",
    ];

    public override int? Page => 4096;

    public override bool OutlivesRedis => true;

    public override Task Prepare(BenchCache cache, CancellationToken cancellationToken)
    {
        Version = typeof(MorningAISystem).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return Task.CompletedTask;
    }

    public override async Task<RunningSystem> Start(BenchStage stage, int payloadBytes, CancellationToken cancellationToken)
    {
        var silo = await BenchSilo.Start(
            stage, cancellationToken,
            (BenchRegistration.FolderVariable, stage.Meeting), ("MorningAI__Workers__Concurrency", Concurrency.ToString(CultureInfo.InvariantCulture)));
        try
        {
            var (program, before) = ThisProgram.Command();
            var call = new ProgramCall(program, [.. before, BenchClientCommand.Name, "--gateway", silo.Gateway, "--payload", payloadBytes.ToString(CultureInfo.InvariantCulture)]);
            var client = DriverProcess.Start(call, BenchClientCommand.Name, stage.At("client.log"), stage.Time);
            try
            {
                await client.Ask(null, AnswerLimit, cancellationToken);
                return new RunningMorningAI(stage, silo, client);
            }
            catch
            {
                await client.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    private sealed class RunningMorningAI(BenchStage stage, BenchSilo silo, DriverProcess client) : RunningSystem
    {
        private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

        private string Gate => Path.Combine(stage.Meeting, BenchProbe.GateFile);

        public override DriverProcess Client => client;

        public override int WorkerProcess => silo.ProcessId;

        public override TimeSpan? StartTime => silo.StartTime;

        /// <summary>Tasks that wait at a gate take every slot.</summary>
        public override async Task<int> Hold(CancellationToken cancellationToken)
        {
            await File.WriteAllTextAsync(Gate, "", cancellationToken);
            var blocked = Path.Combine(stage.Meeting, BenchProbe.BlockedFile);
            File.Delete(blocked);
            await client.Ask($"block {Concurrency}", AnswerLimit, cancellationToken);
            await Until("all slots are blocked", () => File.Exists(blocked) && new FileInfo(blocked).Length >= Concurrency, cancellationToken);
            return Concurrency;
        }

        public override Task Release(CancellationToken cancellationToken)
        {
            File.Delete(Gate);
            return Task.CompletedTask;
        }

        public override Task<long> Done(CancellationToken cancellationToken) =>
            stage.Redis.Count(cancellationToken, "ZCARD", "morningai:{default.0}:state:succeeded");

        public override async Task<long?> WorkerBytes(CancellationToken cancellationToken)
        {
            var answer = Path.Combine(stage.Meeting, BenchProbe.MemoryFile);
            File.Delete(answer);
            await File.WriteAllTextAsync(Path.Combine(stage.Meeting, BenchProbe.MemoryAskedFile), "", cancellationToken);
            await Until("the silo tells its memory", () => File.Exists(answer), cancellationToken);
            return long.Parse(await File.ReadAllTextAsync(answer, cancellationToken), CultureInfo.InvariantCulture);
        }

        public override async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await silo.DisposeAsync();
        }

        private async Task Until(string what, Func<bool> happened, CancellationToken cancellationToken)
        {
            var began = stage.Time.GetTimestamp();
            while (!happened())
            {
                if (stage.Time.GetElapsedTime(began) > AnswerLimit)
                    throw new StageException($"Waited {AnswerLimit.TotalSeconds} s until {what}; {stage.At("silo.log")} may say why.");
                await Task.Delay(Poll, stage.Time, cancellationToken);
            }
        }
    }
}
