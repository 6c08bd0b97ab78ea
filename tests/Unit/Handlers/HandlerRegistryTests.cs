using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MorningAI.Handlers;
using MorningAI.Handlers.BuiltIn;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Handlers;

public class HandlerRegistryTests
{
    private static readonly IConfiguration Empty = new ConfigurationBuilder().Build();

    private static HandlerRegistry Build(Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection().AddLogging().AddBuiltInHandlers(Empty);
        more?.Invoke(services);
        return services.BuildServiceProvider().GetRequiredService<HandlerRegistry>();
    }

    [Fact]
    public void Kinds_BuiltInAndFaq_AreAllThere() =>
        Assert.Equal(["echo", "fail", "faq", "http", "sleep"], Build(s => s.AddFaqAgent(Empty)).Kinds.Select(k => k.Value));

    [Fact]
    public void New_TwoHandlersForOneKind_NamesIt() =>
        Assert.Contains("the kind 'echo'", Assert.Throws<InvalidOperationException>(() => Build(s => s.AddTaskHandler<FailHandler>("echo"))).Message);

    [Fact]
    public void AddTaskHandler_NoHandler_SaysWhatIsMissing() =>
        Assert.Contains("exactly once", Assert.Throws<ArgumentException>(() => Build(s => s.AddTaskHandler<string>("x"))).Message);

    [Fact]
    public void AddTaskHandler_BadKind_SaysWhatAKindIs() =>
        Assert.Contains("not a task kind", Assert.Throws<ArgumentException>(() => Build(s => s.AddTaskHandler<EchoHandler>("No Kind"))).Message);

    [Theory]
    [InlineData("sleep", "{}", "missing required field 'seconds'")]
    [InlineData("sleep", "{\"seconds\":\"5\"}", "a value of the wrong type at $.seconds")]
    [InlineData("sleep", "{\"seconds\":-1}", "'seconds' is -1; set it from 0 to 86400")]
    [InlineData("sleep", "null", "must not be null")]
    [InlineData("sleep", "{\"seconds\":", "line 1")]
    [InlineData("http", "{\"url\":\"x\"}", "'url' must be an absolute http or https URL")]
    [InlineData("http", "{\"url\":\"http://h/\",\"headers\":{\"Host\":\"x\"}}", "the header 'Host' is set by the system")]
    public void Check_BadPayload_SaysWhatToMend(string kind, string payload, string message)
    {
        Assert.True(Build().TryGet(TaskKind.Parse(kind), out var handler));

        Assert.Contains(message, handler.Check(Encoding.UTF8.GetBytes(payload)));
    }

    [Theory]
    [InlineData("echo", "null")]
    [InlineData("fail", "{}")]
    [InlineData("sleep", "{\"seconds\":0.5}")]
    [InlineData("http", "{\"url\":\"http://h/\",\"body\":null}")]
    public void Check_GoodPayload_IsTaken(string kind, string payload)
    {
        Build().TryGet(TaskKind.Parse(kind), out var handler);

        Assert.Null(handler!.Check(Encoding.UTF8.GetBytes(payload)));
    }

    [Fact]
    public async Task Run_UnreadablePayload_FailsAsUnreadable()
    {
        await using var services = new ServiceCollection().AddLogging().AddBuiltInHandlers(Empty).BuildServiceProvider();
        services.GetRequiredService<HandlerRegistry>().TryGet(TaskKind.Parse("sleep"), out var handler);

        var e = await Assert.ThrowsAsync<TaskFailedException>(() => handler!.Run(services, "[]"u8.ToArray(), new TestTaskContext()));

        Assert.Equal(TaskError.Unreadable, e.Code);
    }

    [Theory]
    [InlineData("MorningAI:Http:AllowedHosts:0", "http://x", "is not a host")]
    [InlineData("MorningAI:Http:MaxResponseBytes", "0", "set it to 1 or more")]
    public void AddBuiltInHandlers_WrongSetting_SaysHowToMendIt(string name, string value, string message)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build();

        Assert.Contains(message, Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddBuiltInHandlers(configuration)).Message);
    }
}
