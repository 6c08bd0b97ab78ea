using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

/// <summary>One way to break the real processes of a run. A new one a run: it remembers what it did.</summary>
internal interface IFault
{
    /// <summary>As it is given to <c>--fault</c>.</summary>
    string Name { get; }

    /// <summary>What it does, in a line.</summary>
    string Summary { get; }

    StageNeeds Needs => StageNeeds.Nothing;

    /// <summary>In a run of fewer it cannot be.</summary>
    int LeastSilos => 1;

    /// <summary>What holds meanwhile, in a run of so many silos.</summary>
    Promises Promises(int silos) => Ledger.Promises.OfRedisFault;

    /// <summary>Before any process starts.</summary>
    Task SetUp(ChaosStage stage, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Under load, while all is still well.</summary>
    Task Prepare(ChaosStage stage, CancellationToken cancellationToken) => Task.CompletedTask;

    Task Inject(ChaosStage stage, CancellationToken cancellationToken);

    /// <summary>Returns once what was broken works again: Redis answers, silos are ready.</summary>
    Task Heal(ChaosStage stage, CancellationToken cancellationToken);

    /// <summary>Asked after the heal.</summary>
    FaultEvidence Evidence { get; }

    /// <summary>For how long after its heal some of it may go on; another fault on top of that would be one that was not asked for.</summary>
    /// <param name="lasted">From its begin to its heal.</param>
    TimeSpan Aftermath(TimeSpan lasted) => TimeSpan.Zero;
}

/// <summary>Proof that a fault really happened, from what it hit.</summary>
/// <param name="Count">0: it did not.</param>
/// <param name="Says">What was counted, for people.</param>
internal sealed record FaultEvidence(long Count, string Says);
