namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>The parts of a run, in order; each is written when it begins.</summary>
internal enum ChaosPhase
{
    WarmUp,
    Normal,
    Fault,

    /// <summary>What was broken is being put right.</summary>
    Heal,

    /// <summary>It is right again: Redis answers, silos are ready.</summary>
    Recovery,

    /// <summary>Nothing more is submitted.</summary>
    Settling,

    /// <summary>The processes are about to be ended.</summary>
    Over,
}
