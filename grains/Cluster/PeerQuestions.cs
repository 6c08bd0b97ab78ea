using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Cluster;

/// <summary>Yes or no from another silo, and never a wait without end: it may stand still or be cut off.</summary>
internal static class PeerQuestions
{
    /// <param name="silo">Its name.</param>
    /// <returns>False also where it does not answer in time, or is of a version that does not know the call.</returns>
    public static async Task<bool> AskJournal(this IGrainFactory grains, string silo, Func<IPeerJournalGrain, Task<bool>> ask, TimeSpan patience, TimeProvider time)
    {
        try
        {
            return await ask(grains.GetGrain<IPeerJournalGrain>(silo)).WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return false;
        }
    }
}
