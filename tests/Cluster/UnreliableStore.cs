using MorningAI.Storage;
using StackExchange.Redis;

namespace MorningAI.Tests.Cluster;

/// <summary>
/// One call in a hundred goes wrong, in one of four ways, by a seed. With MORNINGAI_TEST_STORE_FAULTS set to one, all
/// tests of this project run on such a store.
/// </summary>
internal sealed class UnreliableStore(int seed) : StoreCalls
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    public static int? Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("MORNINGAI_TEST_STORE_FAULTS"), out var seed) ? seed : null;

    public override async Task<T> Make<T>(Func<Task<T>> call)
    {
        switch (Draw())
        {
            case 0:
                throw new RedisServerException("ERR refused, as the test wants it");
            case 1:
                return await new TaskCompletionSource<T>().Task; // for ever: nobody waits that long
            case 2:
                await Task.Delay(TimeSpan.FromMilliseconds(100));
                return await call();
            case 3:
                await call();
                throw new TimeoutException("It was executed, and its answer is lost.");
            default:
                return await call();
        }
    }

    private int Draw()
    {
        lock (_lock)
            return _random.Next(400);
    }
}
