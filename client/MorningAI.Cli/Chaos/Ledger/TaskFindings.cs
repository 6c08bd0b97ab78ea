namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>What became of one task, held against the promises. Each count is a breach, of this task alone.</summary>
/// <param name="Completed">It was acknowledged, succeeded, and the ledger has the execution that the system names.</param>
/// <param name="Lost">It was acknowledged and did not succeed.</param>
/// <param name="ExecutedAgain">Executions that began after it was completed.</param>
/// <param name="StaleAccepted">An execution's result was taken that was not the last one begun.</param>
/// <param name="StepsRepeated">Runs of a step's body after its result was kept.</param>
/// <param name="RefusedAndRan">Its submit was refused, and it exists or ran.</param>
internal sealed record TaskFindings(bool Completed, bool Lost, int ExecutedAgain, bool StaleAccepted, int StepsRepeated, bool RefusedAndRan);
