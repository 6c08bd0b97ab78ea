using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Alerts;
using MorningAI.Tests.Unit.Cli;

namespace MorningAI.Tests.Unit.Alerts;

public sealed class AlertWebhookTests
{
    private static readonly Alert Outage = new() { Id = "outage", Severity = AlertSeverity.Critical, Text = "It is away.", Since = Given.Now };
    private readonly FakeTimeProvider _time = new(Given.Now);

    [Fact]
    public async Task Send_Taken_IsSignedOverTimestampAndBody()
    {
        await using var receiver = await FakeSilo.Start();
        string? signature = null, stamp = null;
        receiver.On("POST /hook", async http =>
        {
            (signature, stamp) = (http.Request.Headers[AlertWebhook.SignatureHeader], http.Request.Headers[AlertWebhook.TimestampHeader]);
            http.Response.StatusCode = 204;
            await Task.CompletedTask;
        });

        Assert.True(await Webhook(receiver.Url).Send(Outage));

        var call = Assert.Single(receiver.Calls);
        Assert.Equal(AlertWebhook.Sign("secret", stamp!, Encoding.UTF8.GetBytes(call.Body)), signature);
        Assert.NotEqual(AlertWebhook.Sign("other", stamp!, Encoding.UTF8.GetBytes(call.Body)), signature);
        var body = JsonNode.Parse(call.Body)!;
        Assert.Equal(("outage", "open", "critical", "It is away."), ((string?)body["id"], (string?)body["status"], (string?)body["severity"], (string?)body["text"]));
    }

    /// <summary>By another program: <c>printf '1.{}' | openssl dgst -sha256 -hmac secret</c>.</summary>
    [Fact]
    public void Sign_KnownInput_IsWhatOthersCompute() =>
        Assert.Equal("sha256=1122767b193110cfec322b6f199b599edbf608ed087f2d27afb0b97d99523908", AlertWebhook.Sign("secret", "1", "{}"u8));

    [Fact]
    public async Task Send_Refused_PausesTwiceAsLongEachTimeAndGoesOn()
    {
        await using var receiver = await FakeSilo.Start();
        receiver.On("POST /hook", 500, "{}").On("POST /hook", 500, "{}").On("POST /hook", (int)HttpStatusCode.OK, "{}");
        using var webhook = Webhook(receiver.Url);

        Assert.False(await webhook.Send(Outage));
        Assert.False(await webhook.Send(Outage));
        Assert.Single(receiver.Calls); // not so soon
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await webhook.Send(Outage));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await webhook.Send(Outage));
        Assert.Equal(2, receiver.Calls.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await webhook.Send(Outage));
    }

    [Fact]
    public async Task Send_NobodyThere_IsFalse() => Assert.False(await Webhook(new Uri("http://127.0.0.1:1/")).Send(Outage));

    private AlertWebhook Webhook(Uri url) => new(
        Options.Create(new AlertOptions { Webhook = new Uri(url, "hook"), WebhookSecret = "secret" }), _time, NullLogger<AlertWebhook>.Instance);
}
