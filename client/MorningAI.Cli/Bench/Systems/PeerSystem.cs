using System.Globalization;
using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>A peer: a script that submits, and a worker process.</summary>
internal abstract class PeerSystem : BenchSystem
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    /// <summary>True where the worker is told to hold by a line; else its process is ended, and started again.</summary>
    protected virtual bool WorkerListens => false;

    /// <summary>How many tasks Redis knows to have ended, of so many submitted.</summary>
    public abstract Task<long> CountDone(BenchRedis redis, long submitted, CancellationToken cancellationToken);

    protected abstract ProgramCall Client(BenchStage stage);

    protected abstract ProgramCall Worker(BenchStage stage);

    public override async Task<RunningSystem> Start(BenchStage stage, int payloadBytes, CancellationToken cancellationToken)
    {
        (string, string)[] settings =
        [
            ("BENCH_REDIS_PORT", stage.RedisPort.ToString(CultureInfo.InvariantCulture)),
            ("BENCH_PAYLOAD", payloadBytes.ToString(CultureInfo.InvariantCulture)),
            ("BENCH_STARTS", stage.StartsFile),
        ];
        var running = new RunningPeer(this, stage, settings);
        try
        {
            await running.Start(cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    private sealed class RunningPeer(PeerSystem peer, BenchStage stage, IReadOnlyList<(string, string)> settings) : RunningSystem
    {
        private DriverProcess? _client;
        private DriverProcess? _worker;

        public override DriverProcess Client => _client!;

        public override int WorkerProcess => _worker?.Id ?? 0;

        public async Task Start(CancellationToken cancellationToken)
        {
            var call = peer.Client(stage);
            _client = DriverProcess.Start(call with { Environment = [.. settings, .. call.Environment] }, peer.Name + " client", stage.At("client.log"), stage.Time);
            await _client.Ask(null, AnswerLimit, cancellationToken);
            await Release(cancellationToken);
        }

        public override async Task<int> Hold(CancellationToken cancellationToken)
        {
            if (peer.WorkerListens)
            {
                await _worker!.Ask("hold", AnswerLimit, cancellationToken);
            }
            else if (_worker is not null)
            {
                await _worker.DisposeAsync();
                _worker = null;
            }

            return 0;
        }

        public override async Task Release(CancellationToken cancellationToken)
        {
            if (_worker is null)
            {
                var call = peer.Worker(stage);
                _worker = DriverProcess.Start(call with { Environment = [.. settings, .. call.Environment] }, peer.Name + " worker", stage.At("worker.log"), stage.Time);
            }

            if (peer.WorkerListens)
                await _worker.Ask("go", AnswerLimit, cancellationToken);
        }

        public override Task<long> Done(CancellationToken cancellationToken) => peer.CountDone(stage.Redis, Submitted, cancellationToken);

        public override Task Clear(CancellationToken cancellationToken) => stage.Redis.Call(cancellationToken, "FLUSHALL");

        public override async ValueTask DisposeAsync()
        {
            if (_client is not null)
                await _client.DisposeAsync();
            if (_worker is not null)
                await _worker.DisposeAsync();
        }
    }
}
