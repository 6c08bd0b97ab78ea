using CsCheck;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Storage.Model;

/// <summary>
/// Two silos, their journals and one store, in any order of work and misfortune. Whatever happens, once the store is back:
/// what was acknowledged is there, what ended stays ended, what was refused never came to be, and the index agrees.
/// </summary>
public sealed class StorageModelTests
{
    private static readonly RecordKey[] Tasks = [.. Enumerable.Range(1, 3).Select(n => RecordKey.Of(new TaskId(new PartitionId(QueueName.Default, 0), new Guid(n, 0, 0, new byte[8]))))];

    private static readonly Gen<Step> Steps = Gen.Select(Gen.Enum<Do>(), Gen.Int[0, 1], Gen.Int[0, Tasks.Length - 1], (what, silo, task) => new Step(what, silo, task));

    private enum Do
    {
        Create,
        Run,
        End,
        HandBack,
        StoreDown,
        StoreUp,
        LoseAnswer,
        Flush,
        Snapshot,
        RollBack,
        Crash,
        CrashBeforeCommit,
        DiskFull,
        DiskFree,
    }

    [Fact]
    public Task AnySequence_OnceTheStoreIsBack_NothingAcknowledgedIsLost() =>
        Steps.Array[0, 40].SampleAsync(Holds, iter: 20_000, threads: 2, print: steps => string.Join(", ", steps.Select(s => $"{s.What} {s.Silo}{s.Task}")));

    /// <summary>Silo 1 ends in an outage what silo 0 has handed back before it.</summary>
    [Fact]
    public Task AcknowledgedEnd_AgainstAStoreThatHadGoneOn_Wins() => Holds(
        [new(Do.Create, 1, 0), new(Do.Run, 1, 0), new(Do.HandBack, 0, 0), new(Do.StoreDown, 0, 0), new(Do.End, 1, 0), new(Do.StoreUp, 0, 0)]);

    /// <summary>A flush, an older snapshot and another flush: each silo has given way to the other once.</summary>
    [Fact]
    public Task TwoSilosWithOneKey_StoreForgetsThrice_OneStays() => Holds(
    [
        new(Do.Create, 1, 0), new(Do.Snapshot, 0, 0), new(Do.StoreDown, 0, 0), new(Do.Create, 0, 0),
        new(Do.Flush, 0, 0), new(Do.RollBack, 0, 0), new(Do.Flush, 0, 0),
    ]);

    /// <summary>Silos that saw neither each other nor the store counted alike: silo 1 has handed back as the third version what silo 0 ended as the second.</summary>
    [Fact]
    public Task TwoSilosCountAlike_AnEndStaysOne() => Holds(
    [
        new(Do.StoreDown, 0, 0), new(Do.Create, 0, 0), new(Do.Create, 1, 0), new(Do.Run, 1, 0), new(Do.Crash, 1, 0), new(Do.End, 0, 0), new(Do.HandBack, 1, 0),
    ]);

    /// <summary>The answer to silo 0's end was lost with its disk full, so that it goes on as if it had not been; silo 1 had ended the task, too, and gave way to it.</summary>
    [Fact]
    public Task EndThatLandedUnseen_ItsWriterDoesNotUndoIt() => Holds(
    [
        new(Do.Create, 0, 0), new(Do.DiskFull, 0, 0), new(Do.LoseAnswer, 0, 0), new(Do.End, 0, 0), new(Do.Create, 1, 0),
        new(Do.End, 1, 0), new(Do.StoreUp, 0, 0), new(Do.Run, 0, 0),
    ]);

    /// <summary>Both were told, and each has given way to the other once.</summary>
    [Fact]
    public Task TwoEndsOfOneTask_StoreForgetsThrice_OneStays() => Holds(
    [
        new(Do.Create, 0, 0), new(Do.Run, 0, 0), new(Do.End, 1, 0), new(Do.StoreDown, 0, 0), new(Do.End, 0, 0),
        new(Do.Snapshot, 0, 0), new(Do.Flush, 0, 0), new(Do.RollBack, 0, 0), new(Do.Flush, 0, 0),
    ]);

    private static async Task Holds(Step[] steps)
    {
        var store = new ModelStore();
        await using var a = new ModelSilo(store);
        await using var b = new ModelSilo(store);
        ModelSilo[] silos = [a, b];
        var promised = new HashSet<RecordKey>();
        var ended = new Dictionary<RecordKey, HashSet<ulong>>();
        var tried = new HashSet<RecordKey>();
        ulong writer = 0;
        var (wasFull, isAnyUnsaid, wasUnsaid) = (false, false, false);
        foreach (var step in steps)
        {
            var silo = silos[step.Silo];
            var key = Tasks[step.Task];
            switch (step.What)
            {
                case Do.Create:
                    var told = await silo.Create(key, ++writer);
                    if (told == true)
                        promised.Add(key);
                    if (told != false)
                        tried.Add(key);
                    break;
                case Do.Run:
                    await silo.Move(key, TaskState.Running, ++writer);
                    break;
                case Do.End:
                    if (await silo.Move(key, TaskState.Succeeded, ++writer) is { } by && !ended.TryAdd(key, [by]))
                        ended[key].Add(by);
                    break;
                case Do.HandBack:
                    await silo.Move(key, TaskState.Queued, ++writer);
                    break;
                case Do.StoreDown:
                    store.Down = true;
                    break;
                case Do.StoreUp:
                    await Return();
                    break;
                case Do.LoseAnswer:
                    store.LoseNextAnswer = true;
                    break;
                // What a full disk kept out of a journal, a store that forgets can lose: two disasters, and no promise.
                case Do.Flush when !wasFull:
                    wasUnsaid |= isAnyUnsaid;
                    store.Flush();
                    await Return();
                    break;
                case Do.Snapshot:
                    store.TakeSnapshot();
                    break;
                case Do.RollBack when !wasFull:
                    wasUnsaid |= isAnyUnsaid;
                    store.RollBack();
                    await Return();
                    break;
                case Do.Crash:
                    silo.Journal.Commit();
                    await silo.Restart();
                    break;
                case Do.CrashBeforeCommit:
                    isAnyUnsaid |= !await silo.Restart();
                    break;
                case Do.DiskFull:
                    silo.Journal.DiskFull = wasFull = true;
                    break;
                case Do.DiskFree:
                    silo.Journal.DiskFull = false;
                    break;
            }
        }

        await Return();
        foreach (var key in promised)
            Assert.True(store.Header(key) is not null, $"{key} was acknowledged and is gone");
        // What the store said last was not on disk when a silo was killed, and the store forgot it before that silo came back: nobody knows.
        foreach (var (key, writers) in wasUnsaid ? [] : ended)
        {
            var header = store.Header(key)!.Value;
            Assert.True(header.State!.Value.IsTerminal(), $"{key} had ended and is {header.State}");
            Assert.True(wasFull || writers.Contains(header.Writer), $"{key} shows an end that nobody was told of");
        }

        foreach (var key in store.Keys)
        {
            Assert.True(tried.Contains(key), $"{key} was refused and exists");
            Assert.Equal(store.Header(key)!.Value.State, store.Indexed(key));
        }

        async Task Return()
        {
            store.Down = false;
            store.LoseNextAnswer = false;
            foreach (var silo in silos)
                await silo.CatchUp();
            isAnyUnsaid = false;
        }
    }

    private sealed record Step(Do What, int Silo, int Task);
}
