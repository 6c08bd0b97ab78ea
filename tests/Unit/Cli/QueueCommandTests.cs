using MorningAI.Cli;

namespace MorningAI.Tests.Unit.Cli;

public sealed class QueueCommandTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task List_Queues_ShowsWhatWaitsAndWhoDecided()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /queues", 200, """{"queues":[{"queue":"faq","partitions":2,"ready":1204,"held_back":3,"scheduled":4,"assigned":5,"workers":1,"paused":{"at":"1970-01-01T00:00:00Z","by":"eve\u001b[2J","reason":"a deploy"}}]}""");

        var said = await _cli.Run(silo, "queue", "list");

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Error));
        foreach (var word in new[] { "faq", "1,204", "paused since", "a deploy" })
            Assert.Contains(word, said.Out);
        Assert.DoesNotContain('\u001b', said.Out);
    }

    [Fact]
    public async Task Pause_WhoAndWhy_AreSaidToTheSilo()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /queues/faq/pause", 200, """{"queue":"faq","paused":{"at":"1970-01-01T00:00:00Z","by":"ann","reason":"a deploy"}}""");

        var said = await _cli.Run(silo, "queue", "pause", "faq", "--by", "ann", "--reason", "a deploy");

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Error));
        Assert.StartsWith("Queue faq: paused since", said.Out);
        Assert.Equal("?by=ann&reason=a%20deploy", Assert.Single(silo.Calls).Query);
    }

    [Fact]
    public async Task Resume_SaysThatItRuns()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /queues/faq/resume", 200, """{"queue":"faq"}""");
        Assert.Equal("Queue faq: runs\n", (await _cli.Run(silo, "queue", "resume", "faq")).Out);
    }

    [Fact]
    public async Task Clear_NobodyToAsk_DoesNothingWithoutYes()
    {
        await using var silo = await FakeSilo.Start();

        var said = await _cli.Run(silo, "queue", "clear", "faq");

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("--yes", said.Error);
        Assert.Empty(silo.Calls);
    }

    [Fact]
    public async Task Clear_Yes_GoesOnUntilNothingIsLeft()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /queues/faq/clear", 200, """{"queue":"faq","cancelled":500,"left":20}""");
        silo.On("POST /queues/faq/clear", 200, """{"queue":"faq","cancelled":20,"left":0}""");

        var said = await _cli.Run(silo, "queue", "clear", "faq", "--yes");

        Assert.Equal((ExitCode.Ok, "Queue faq: 520 tasks cancelled\n"), (said.Code, said.Out));
        Assert.Equal(2, silo.Calls.Count);
    }

    [Fact]
    public async Task Explain_Task_PrintsAReasonALine()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /tasks/faq.0.00000000000000000000000000/explain", 200, """{"task_id":"faq.0.00000000000000000000000000","status":"queued","reasons":[{"code":"paused","text":"The queue is paused by eve\u001b[2J."},{"code":"position","text":"It is the next.","count":0}]}""");

        var said = await _cli.Run(silo, "task", "explain", "faq.0.00000000000000000000000000");

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Equal(3, said.Out.TrimEnd().Split('\n').Length);
        Assert.Contains("paused          The queue is paused", said.Out);
        Assert.DoesNotContain('\u001b', said.Out);
    }

    [Fact]
    public async Task Explain_Queue_StartsWithItsNumbers()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /queues/faq/explain", 200, """{"queue":"faq","ready":12,"held_back":1,"scheduled":0,"assigned":4,"reasons":[{"code":"workers_busy","text":"4 of 4 slots are busy."}]}""");
        Assert.StartsWith("Queue faq: 12 ready, 1 held back, 0 scheduled, 4 with workers\n", (await _cli.Run(silo, "queue", "explain", "faq")).Out);
    }
}
