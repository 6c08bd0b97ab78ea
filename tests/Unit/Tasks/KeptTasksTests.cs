using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Storage;
using MorningAI.Tasks;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Tasks;

public sealed class KeptTasksTests
{
    [Fact]
    public void HasAll_SaidTwice_LetsGoOfWhatWasKeptBeforeTheFirst()
    {
        var health = new StoreHealth(TimeProvider.System, NullLogger<StoreHealth>.Instance);
        var kept = new KeptTasks(health);
        var gone = new List<int>();
        kept.Keep(Grain(1));
        health.HasAll();
        kept.Keep(Grain(2));
        Assert.Empty(gone);

        health.HasAll();

        Assert.Equal([1], gone);
        Assert.Equal(1, kept.Count);

        IGrainContext Grain(int number) => Stand.In<IGrainContext>((method, _) =>
        {
            Assert.Equal(nameof(IGrainContext.Deactivate), method.Name);
            gone.Add(number);
            return null;
        });
    }
}
