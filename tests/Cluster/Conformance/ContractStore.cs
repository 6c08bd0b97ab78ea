using Microsoft.Extensions.DependencyInjection;
using MorningAI.Hosting;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.Cluster.Conformance;

/// <summary>A silo's records over a store of one kind and a real journal.</summary>
public abstract class ContractStore(bool garnet) : IAsyncLifetime
{
    private readonly Scratch _scratch = new();

    internal TestSilos Silos { get; private set; } = null!;

    internal IDurableRecords Records => Silos.Cluster.Silos[0].ServiceProvider.GetRequiredService<IDurableRecords>();

    /// <summary>Of a task of one of a few queues.</summary>
    public static RecordKey NewKey(int queue = 0) => RecordKey.Of(TaskId.New(new PartitionId(QueueName.Default, queue), DateTimeOffset.UtcNow));

    public virtual async ValueTask InitializeAsync() =>
        Silos = await TestSilos.Start(garnet: garnet, services: s => s.AddJournal(_scratch.At("journal.db"), new JournalIdentity("test", "test")));

    public async ValueTask DisposeAsync()
    {
        await Silos.DisposeAsync();
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class OnRedis() : ContractStore(garnet: false);

public sealed class OnGarnet() : ContractStore(garnet: true);

/// <summary>The store has been killed: what is asked and written here, the journal answers.</summary>
public sealed class OnTheJournalAlone() : ContractStore(garnet: false)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Silos.Redis.Kill();
        await Deadline.Until("the outage is seen", TimeSpan.FromSeconds(60), () => Task.FromResult(Silos.Health.State == StoreState.Down));
    }
}
