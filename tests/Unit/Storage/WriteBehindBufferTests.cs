using MorningAI.Storage;

namespace MorningAI.Tests.Unit.Storage;

public sealed class WriteBehindBufferTests
{
    [Fact]
    public void TakeAll_TwoOfOneKey_GivesTheNewest()
    {
        var buffer = new WriteBehindBuffer();
        buffer.Put(Record("a", 1));
        buffer.Put(Record("b", 1));
        buffer.Put(Record("a", 2));
        Assert.Equal([("a", 2), ("b", 1)], buffer.TakeAll().Select(r => (r.Key.Id, r.Version)).Order());
    }

    [Fact]
    public void TakeAll_Again_GivesNothing()
    {
        var buffer = new WriteBehindBuffer();
        buffer.Put(Record("a", 1));
        Assert.Single(buffer.TakeAll());
        Assert.Empty(buffer.TakeAll());
    }

    [Fact]
    public void Supersede_HeldKey_DropsItAndNoOther()
    {
        var buffer = new WriteBehindBuffer();
        buffer.Put(Record("a", 1));
        buffer.Put(Record("b", 1));
        buffer.Supersede(Record("a", 2).Key);
        Assert.Equal("b", Assert.Single(buffer.TakeAll()).Key.Id);
    }

    private static RecordWrite Record(string id, long version) => new() { Key = new RecordKey("tag", "task", id), Version = version, Base = 0, Writer = 1, Body = [] };
}
