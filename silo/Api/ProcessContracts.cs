namespace MorningAI.Silo.Api;

/// <summary><c>GET /ops/process</c>: what one silo's process holds; answered from memory.</summary>
/// <param name="ResidentBytes">Of the whole process, as the system counts them.</param>
/// <param name="HeapBytes">Of the managed heap after the last collection.</param>
/// <param name="Activations">Of grains, on this silo; null where Orleans does not tell.</param>
/// <param name="Timers">Timers of the process that are set, grain timers among them.</param>
public sealed record ProcessResponse(long ResidentBytes, long HeapBytes, long? Activations, long Timers, int PoolThreads, long PoolQueue);
