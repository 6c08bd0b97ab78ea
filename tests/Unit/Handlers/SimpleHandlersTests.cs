using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Handlers;
using MorningAI.Handlers.BuiltIn;

namespace MorningAI.Tests.Unit.Handlers;

public class SimpleHandlersTests
{
    [Theory]
    [InlineData("{\"a\":[1,null,\"é\"]}")]
    [InlineData("null")]
    [InlineData("7")]
    public async Task Echo_AnyJson_ComesBack(string json)
    {
        var result = await new EchoHandler().Handle(JsonSerializer.Deserialize<JsonElement>(json), new TestTaskContext());

        Assert.Equal(json, result.GetRawText());
    }

    [Theory]
    [InlineData("on purpose", "on purpose")]
    [InlineData(null, "This task fails on purpose.")]
    public async Task Fail_Message_IsThrown(string? message, string expected)
    {
        var e = await Assert.ThrowsAsync<TaskFailedException>(() => new FailHandler().Handle(new FailPayload(message), new TestTaskContext()));

        Assert.Equal(("failed_on_purpose", expected), (e.Code, e.Message));
    }

    [Fact]
    public async Task Sleep_TimePasses_ReportsAndEnds()
    {
        var time = new FakeTimeProvider();
        var context = new TestTaskContext { Time = time };
        var start = time.GetUtcNow();

        var sleeping = new SleepHandler().Handle(new SleepPayload(3), context);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(sleeping.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, (await sleeping).SleptSeconds);
        Assert.Equal(TimeSpan.FromSeconds(3), time.GetUtcNow() - start);
        Assert.Equal([0, 1 / 3d, 2 / 3d], context.Progress.Select(p => Math.Round(p.Fraction, 9)), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public async Task Sleep_Cancelled_EndsAtOnce()
    {
        using var cancel = new CancellationTokenSource();
        var sleeping = new SleepHandler().Handle(new SleepPayload(86_400), new TestTaskContext { Time = new FakeTimeProvider(), CancellationToken = cancel.Token });

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleeping);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(86_401, false)]
    [InlineData(double.NaN, false)]
    [InlineData(0, true)]
    [InlineData(86_400, true)]
    public void Sleep_Seconds_AreChecked(double seconds, bool good) => Assert.Equal(good, SleepHandler.Check(new SleepPayload(seconds)) is null);
}
