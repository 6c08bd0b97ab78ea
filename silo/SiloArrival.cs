using MorningAI.Hosting;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;

namespace MorningAI.Silo;

/// <summary>
/// What comes before a silo joins the others: its store answers and is this service's, and has what an earlier life of this
/// silo journaled; what that life finished must not be begun again by them. It takes as long as it takes. Meanwhile the
/// process is live, not ready, and says what it waits for.
/// </summary>
internal sealed partial class SiloArrival(SiloPlan plan, StoreConnection connection, IServiceProvider services, TimeProvider time, ILogger<SiloArrival> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Say = TimeSpan.FromSeconds(5);

    private readonly ILogger<SiloArrival> _logger = logger;
    private Task<string?>? _claim;

    /// <summary>What the silo waits for, for people.</summary>
    public string Waits { get; private set; } = "starting";

    /// <summary>Asks the store whose it is, while the rest of the silo is put together.</summary>
    public void Begin() => _claim = Task.Run(AskWhose);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(SiloArrival), ServiceLifecycleStage.First, Arrive);

    private async Task Arrive(CancellationToken cancellationToken)
    {
        await Task.Yield(); // the HTTP server starts beside the silo, and must not wait for it
        await Claim(cancellationToken);
        await CatchUp(cancellationToken);
        Waits = "joining the cluster";
    }

    private async Task Claim(CancellationToken cancellationToken)
    {
        var where = string.Join(", ", connection.Configuration.EndPoints.Select(p => p.ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal)));
        long said = 0;
        for (var claim = _claim ?? AskWhose(); ; claim = AskWhose())
        {
            try
            {
                if (await claim.WaitAsync(Patience, time, cancellationToken) is { } refusal)
                    throw new SiloStartException($"Redis at {where} is not for this silo. {refusal}");
                // The folder's lock says that nobody else is alive on the embedded store: silos that it remembers are earlier lives of this one.
                if (plan.Redis is null)
                    await connection.ForgetMembers(plan.ServiceId, plan.ClusterId);
                return;
            }
            catch (Exception e) when (StoreFaults.IsOne(e) && !cancellationToken.IsCancellationRequested)
            {
                Waits = $"Redis: {StoreFaults.Of(e).Describe()}";
                if (said == 0 || time.GetElapsedTime(said) > Say)
                {
                    LogWaits($"Redis at {where}: {StoreFaults.Of(e).Describe()}");
                    said = time.GetTimestamp();
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private Task<string?> AskWhose() => StoreOwner.Claim(connection.Database, plan.ServiceId, plan.ClusterId);

    private async Task CatchUp(CancellationToken cancellationToken)
    {
        var caughtUp = services.StorageCaughtUp(cancellationToken);
        var journal = services.GetRequiredService<IJournalGauge>();
        while (await Task.WhenAny(caughtUp, Task.Delay(Say, time, cancellationToken)) != caughtUp)
        {
            Waits = $"the journal's replay: {journal.Stats().Waiting:N0} records to go";
            LogWaits(Waits);
        }

        await caughtUp;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready. Waiting for {What}")]
    private partial void LogWaits(string what);
}
