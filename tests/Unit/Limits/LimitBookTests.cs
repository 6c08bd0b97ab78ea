using Microsoft.Extensions.Options;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Limits;

public sealed class LimitBookTests
{
    private static readonly QueueName Faq = QueueName.Parse("faq");
    private static readonly TaskKind Http = TaskKind.Parse("http");

    [Fact]
    public void Of_NothingSet_IsEmptyAndAllocatesNothing()
    {
        var book = Book(new LimitOptions());
        Assert.Empty(book.Of(Faq, Http, "a"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            book.Of(Faq, Http, "a");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Of_EachSort_IsNamedAndFoundAgain()
    {
        var options = new LimitOptions { Queues = { ["faq"] = One() }, Kinds = { ["http"] = One() }, Keys = { ["faq"] = One() } };
        var book = Book(options);

        var names = book.Of(Faq, Http, "a:b");

        Assert.Equal(["queue:faq", "kind:http", "key:faq:a:b"], names);
        Assert.Equal([options.Queues["faq"], options.Kinds["http"], options.Keys["faq"]], names.Select(n => book.TryGet(n, out var limit) ? limit : null));
        Assert.Equal(["queue:faq", "kind:http"], book.Of(Faq, Http, null));
        Assert.Empty(book.Of(QueueName.Default, TaskKind.Parse("echo"), "a"));
    }

    [Theory]
    [InlineData("nothing:faq")]
    [InlineData("queue:other")]
    [InlineData("")]
    public void TryGet_NoSuchLimit_IsFalse(string name) => Assert.False(Book(new LimitOptions { Queues = { ["faq"] = One() } }).TryGet(name, out _));

    [Fact]
    public void Fault_OfEachWrongSetting_NamesIt()
    {
        Assert.Null(new LimitOptions { Queues = { ["faq"] = One() } }.Fault());
        Assert.Contains("Queues:faq: Concurrency must be 1", new LimitOptions { Queues = { ["faq"] = new Limit { Concurrency = 0 } } }.Fault());
        Assert.Contains("Kinds:http: Rate must be 1", new LimitOptions { Kinds = { ["http"] = new Limit { Rate = 0 } } }.Fault());
        Assert.Contains("Keys:faq: set Concurrency", new LimitOptions { Keys = { ["faq"] = new Limit() } }.Fault());
        Assert.Contains("Burst", new LimitOptions { Keys = { ["faq"] = new Limit { Rate = 1, Burst = 0 } } }.Fault());
        Assert.Contains("Per", new LimitOptions { Keys = { ["faq"] = new Limit { Rate = 1, Per = TimeSpan.Zero } } }.Fault());
        Assert.Contains("'No Queue' is not a queue", new LimitOptions { Queues = { ["No Queue"] = One() } }.Fault());
        Assert.Contains("is not a kind", new LimitOptions { Kinds = { ["no kind"] = One() } }.Fault());
    }

    private static Limit One() => new() { Concurrency = 1 };

    private static LimitBook Book(LimitOptions options) => new(Options.Create(options));
}
