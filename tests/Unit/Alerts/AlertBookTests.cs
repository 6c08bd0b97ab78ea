using MorningAI.Alerts;

namespace MorningAI.Tests.Unit.Alerts;

public sealed class AlertBookTests
{
    private static readonly DateTimeOffset Now = Given.Now;
    private readonly AlertBook _book = new(TimeSpan.FromSeconds(15));

    [Fact]
    public void Update_AConditionThatStays_IsToldOnceAndEndsOnce()
    {
        Assert.Equal(["outage"], Update(0, "outage").Select(a => a.Id));
        Assert.Empty(Update(5, "outage"));
        Assert.Empty(Update(10)); // it may be back in a moment
        var over = Assert.Single(Update(30));
        Assert.Equal(("outage", Now.AddSeconds(30)), (over.Id, over.ResolvedAt));
        Assert.Empty(Update(35));
        Assert.Equal(["outage"], Update(60, "outage").Select(a => a.Id)); // another one
        Assert.Equal([true, false], _book.Listed().Select(a => a.IsOpen));
    }

    [Fact]
    public void Update_ItComesAndGoes_IsOneAlert()
    {
        Update(0, "queue_long:faq");
        Assert.Empty(Update(5));
        Assert.Empty(Update(10, "queue_long:faq"));
        Assert.Single(_book.Alerts);
    }

    [Fact]
    public void Update_RuleCouldNotBeLookedAt_EndsNothing()
    {
        Update(0, "queue_long:faq");
        Assert.Empty(_book.Update([], _ => false, Now.AddHours(1)));
        Assert.True(_book.Alerts.Single().IsOpen);
    }

    [Fact]
    public void Update_GetsWorse_StaysSoAndKeepsItsBeginning()
    {
        _book.Update([new Condition("a", AlertSeverity.Warning, "100", Now)], _ => true, Now);
        _book.Update([new Condition("a", AlertSeverity.Critical, "500", Now.AddSeconds(5))], _ => true, Now.AddSeconds(5));
        _book.Update([new Condition("a", AlertSeverity.Warning, "300", Now.AddSeconds(9))], _ => true, Now.AddSeconds(9));
        var alert = _book.Alerts.Single();
        Assert.Equal((AlertSeverity.Critical, "300", Now), (alert.Severity, alert.Text, alert.Since));
    }

    [Fact]
    public void Acknowledge_Twice_KeepsWhoWasFirst()
    {
        Update(0, "outage");
        Assert.Null(_book.Acknowledge("nothing", "ann", Now));
        _book.Acknowledge("outage", "ann", Now);
        Assert.Equal(("ann", Now), (_book.Acknowledge("outage", "bob", Now.AddHours(1))!.AcknowledgedBy, _book.Alerts.Single().AcknowledgedAt!.Value));
    }

    [Fact]
    public void Untold_BeginningAndEnd_AreEachToldOnce()
    {
        Update(0, "outage");
        var begun = _book.Untold().Single();
        Update(60); // over before anybody was told
        _book.Told(begun);
        var over = _book.Untold().Single();
        Assert.False(over.IsOpen);
        _book.Told(over);
        Assert.Empty(_book.Untold());
    }

    [Fact]
    public void Load_WhatWasOpenAndIsOver_Ends()
    {
        _book.Load([new Alert { Id = "outage", Severity = AlertSeverity.Critical, Text = "", Since = Now, ToldBegin = true }]);
        Assert.Equal("outage", Assert.Single(Update(5)).Id);
        Assert.False(_book.Alerts.Single().IsOpen);
    }

    [Fact]
    public void Load_WhatIsOpenHereToo_IsOneAlert()
    {
        Update(30, "outage");
        _book.Load([new Alert { Id = "outage", Severity = AlertSeverity.Critical, Text = "", Since = Now, ToldBegin = true }]);
        Assert.Equal((Now, true), (_book.Alerts.Single().Since, _book.Alerts.Single().ToldBegin));
    }

    [Fact]
    public void Update_AfterADay_ForgetsWhatIsOver()
    {
        Update(0, "outage");
        Update(60);
        Update(60 + (25 * 3600));
        Assert.Empty(_book.Alerts);
    }

    private IReadOnlyList<Alert> Update(int seconds, params string[] ids) =>
        _book.Update([.. ids.Select(id => new Condition(id, AlertSeverity.Warning, "", Now.AddSeconds(seconds)))], _ => true, Now.AddSeconds(seconds));
}
