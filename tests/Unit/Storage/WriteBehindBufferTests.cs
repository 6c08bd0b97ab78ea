using MorningAI.Storage;

namespace MorningAI.Tests.Unit.Storage;

public sealed class WriteBehindBufferTests
{
    [Fact]
    public void WriteAll_TwoOfOneKey_WritesTheNewest()
    {
        var buffer = new WriteBehindBuffer();
        Put(buffer, Record("a", 1));
        Put(buffer, Record("b", 1));
        Put(buffer, Record("a", 2));
        Assert.Equal([("a", 2), ("b", 1)], Written(buffer).Select(r => (r.Key.Id, r.Version)).Order());
    }

    [Fact]
    public void WriteAll_Again_WritesNothing()
    {
        var buffer = new WriteBehindBuffer();
        Put(buffer, Record("a", 1));
        Assert.Single(Written(buffer));
        Assert.Empty(Written(buffer));
    }

    [Fact]
    public void Supersede_HeldKey_DropsItAndNoOther()
    {
        var buffer = new WriteBehindBuffer();
        Put(buffer, Record("a", 1));
        Put(buffer, Record("b", 1));
        buffer.Supersede(Record("a", 2).Key);
        Assert.Equal("b", Assert.Single(Written(buffer)).Key.Id);
    }

    /// <summary>An older version that comes after a newer one would be the journal's last word.</summary>
    [Fact]
    public async Task Supersede_WhileItIsBeingWritten_WaitsUntilItHasItsPlace()
    {
        var buffer = new WriteBehindBuffer();
        Put(buffer, Record("a", 1));
        using var writing = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var order = new List<int>();
        var flush = Task.Run(() => buffer.WriteAll(_ =>
        {
            writing.Set();
            goOn.Wait();
            order.Add(1);
        }, (_, _) => { }), TestContext.Current.CancellationToken);
        writing.Wait(TestContext.Current.CancellationToken);
        var next = Task.Run(() =>
        {
            buffer.Supersede(Record("a", 2).Key);
            order.Add(2);
        }, TestContext.Current.CancellationToken);
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(100, TestContext.Current.CancellationToken)));
        goOn.Set();
        await Task.WhenAll(flush, next);

        Assert.Equal([1, 2], order);
    }

    /// <summary>It mostly is superseded before anybody asks.</summary>
    [Fact]
    public void Put_Superseded_IsNeverMade()
    {
        var buffer = new WriteBehindBuffer();
        var key = Record("a", 1).Key;
        buffer.Put(key, () => throw new InvalidOperationException("It was made."));
        buffer.Supersede(key);
        Assert.Null(buffer.Find(key));
        Assert.Empty(Written(buffer));
    }

    [Fact]
    public void Find_AndThenWritten_IsMadeOnce()
    {
        var buffer = new WriteBehindBuffer();
        var made = 0;
        buffer.Put(Record("a", 1).Key, () => Record("a", ++made));
        Assert.Equal(1, buffer.Find(Record("a", 1).Key)?.Version);
        Assert.Equal(1, buffer.Find(Record("a", 1).Key)?.Version);
        Assert.Equal(1, Assert.Single(Written(buffer)).Version);
    }

    /// <summary>As at a silo's end, when its serializer is gone.</summary>
    [Fact]
    public void WriteAll_OneCannotBeMade_TheOthersAreWrittenAndItIsTold()
    {
        var buffer = new WriteBehindBuffer();
        buffer.Put(Record("a", 1).Key, () => throw new ObjectDisposedException("the serializer"));
        Put(buffer, Record("b", 1));
        var (written, failed) = (new List<RecordWrite>(), new List<RecordKey>());
        buffer.WriteAll(written.Add, (key, _) => failed.Add(key));
        Assert.Equal("b", Assert.Single(written).Key.Id);
        Assert.Equal("a", Assert.Single(failed).Id);
    }

    private static void Put(WriteBehindBuffer buffer, RecordWrite record) => buffer.Put(record.Key, () => record);

    private static List<RecordWrite> Written(WriteBehindBuffer buffer)
    {
        var written = new List<RecordWrite>();
        buffer.WriteAll(written.Add, (key, e) => throw new InvalidOperationException($"{key} could not be made.", e));
        return written;
    }

    private static RecordWrite Record(string id, long version) => new() { Key = new RecordKey("tag", "task", id), Version = version, Base = 0, Writer = 1, Body = [] };
}
