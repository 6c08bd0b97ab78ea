namespace MorningAI.Silo;

internal static class SiloParts
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Ends them, the last one first. One that was told to end in the middle of its start may wait for what never comes: it is
    /// left behind, for a process that was told to end must. What was acknowledged is on disk or in the store.
    /// </summary>
    public static async Task End(Stack<IAsyncDisposable> parts)
    {
        while (parts.TryPop(out var part))
        {
            try
            {
                await Task.Run(async () => await part.DisposeAsync()).WaitAsync(Limit);
            }
            catch (TimeoutException)
            {
                await Console.Error.WriteLineAsync($"A part of the silo ({part.GetType().Name}) did not end within {Limit.TotalSeconds} s, and is left behind.");
            }
        }
    }
}
