using MorningAI.Queues;

namespace MorningAI.Tests.Unit.Queues;

public sealed class QueueRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly QueueName Faq = QueueName.Parse("faq");

    [Fact]
    public void Decide_PauseTwice_KeepsWhoWasFirst()
    {
        var first = QueueRules.Decide(null, Faq, QueueCommand.Pause, new QueueDecision(Now, "ann", "a deploy"));
        var second = QueueRules.Decide(first, Faq, QueueCommand.Pause, new QueueDecision(Now.AddHours(1), "bob", null));

        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.Equal(new QueueDecision(Now, "ann", "a deploy"), second.Paused);
        Assert.Null(second.Draining);
    }

    [Fact]
    public void Decide_Resume_UndoesBothAndIsNewer()
    {
        var paused = QueueRules.Decide(null, Faq, QueueCommand.Pause, new QueueDecision(Now, null, null));
        var both = QueueRules.Decide(paused, Faq, QueueCommand.Drain, new QueueDecision(Now, null, null));
        Assert.NotNull(both.Paused);
        Assert.NotNull(both.Draining);

        var resumed = QueueRules.Decide(both, Faq, QueueCommand.Resume, new QueueDecision(Now, null, null));

        Assert.Equal((3, null, null), (resumed.Version, resumed.Paused, resumed.Draining));
    }

    [Fact]
    public void Decide_LongWords_AreCut()
    {
        var control = QueueRules.Decide(null, Faq, QueueCommand.Drain, new QueueDecision(Now, new string('b', 1000), new string('r', 1000)));
        Assert.Equal((QueueControl.MaxBy, QueueControl.MaxReason), (control.Draining!.By!.Length, control.Draining.Reason!.Length));
        Assert.Null(QueueRules.Decide(null, Faq, QueueCommand.Drain, new QueueDecision(Now, " ", "")).Draining!.By);
    }

    [Fact]
    public void Take_AnOlderDecision_ChangesNothing()
    {
        var controls = new QueueControls();
        Assert.Null(controls.Of(Faq));
        var paused = QueueRules.Decide(null, Faq, QueueCommand.Pause, new QueueDecision(Now, null, null));
        var resumed = QueueRules.Decide(paused, Faq, QueueCommand.Resume, new QueueDecision(Now, null, null));
        controls.Take(resumed);
        controls.Take(paused);
        Assert.Equal(resumed, controls.Of(Faq));
    }
}
