using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel.ChatCompletion;
using MorningAI.Agents.Faq;

namespace MorningAI.Tests.Unit.Agents;

public class FaqModelOptionsTests
{
    private static FaqModelOptions Read(params (string, string?)[] settings) =>
        FaqAgentFixture.Build(settings).GetRequiredService<IOptions<FaqModelOptions>>().Value;

    [Fact]
    public void Value_NothingSet_IsEmbeddedWithTheOriginalsDefaults()
    {
        var o = Read();

        Assert.Equal((FaqModelProvider.Embedded, "gpt-4-turbo-preview", 0.7, 2000, 0.9, 0.3, 0.3), (o.Provider, o.Model, o.Temperature, o.MaxTokens, o.TopP, o.FrequencyPenalty, o.PresencePenalty));
        Assert.IsType<EmbeddedWriter>(FaqAgentFixture.Build().GetRequiredService<IChatCompletionService>());
    }

    [Theory]
    [InlineData("MORNINGAI_MODEL_ENDPOINT", "http://localhost:11434/v1")]
    [InlineData("MORNINGAI_MODEL_API_KEY", "k")]
    [InlineData("OPENAI_API_KEY", "k")]
    [InlineData("MorningAI:Model:ApiKey", "k")]
    public void Value_EndpointOrKey_SelectsOpenAI(string name, string value) => Assert.Equal(FaqModelProvider.OpenAI, Read((name, value)).Provider);

    [Fact]
    public void Value_EmbeddedAskedFor_StaysEmbedded() =>
        Assert.Equal(FaqModelProvider.Embedded, Read(("MorningAI:Model:Provider", "embedded"), ("OPENAI_API_KEY", "k")).Provider);

    [Fact]
    public void Value_Section_WinsOverThePlainVariables()
    {
        var o = Read(("MorningAI:Model:Model", "a"), ("MORNINGAI_MODEL", "b"), ("MorningAI:Model:Endpoint", "http://a/v1"), ("MORNINGAI_MODEL_ENDPOINT", "http://b/v1"));

        Assert.Equal(("a", "http://a/v1"), (o.Model, o.Endpoint!.ToString()));
    }

    [Fact]
    public void Value_OpenAIKeyWithAnEndpoint_IsNotSentThere() => Assert.Null(Read(("OPENAI_API_KEY", "k"), ("MORNINGAI_MODEL_ENDPOINT", "http://a/v1")).ApiKey);

    [Fact]
    public void Value_KeyFile_IsReadAndTrimmed()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "  key-1\n");
            Assert.Equal("key-1", Read(("MORNINGAI_MODEL_API_KEY_FILE", file)).ApiKey);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("MorningAI:Model:Temperature", "2.5", "Temperature is 2.5; set it from 0 to 2.")]
    [InlineData("MorningAI:Model:TopP", "NaN", "TopP is NaN; set it from 0 to 1.")]
    [InlineData("MorningAI:Model:MaxTokens", "0", "MaxTokens is 0; set it to 1 or more.")]
    [InlineData("MorningAI:Model:Timeout", "00:00:00", "set it above zero")]
    [InlineData("MorningAI:Model:Endpoint", "ftp://x", "must be an http or https URL")]
    [InlineData("MorningAI:Model:Endpoint", "http://u:p@x/v1", "must hold no user or password")]
    [InlineData("MorningAI:Model:Provider", "openai", "Set MORNINGAI_MODEL_API_KEY (or OPENAI_API_KEY)")]
    [InlineData("MORNINGAI_MODEL_ENDPOINT", "localhost", "MORNINGAI_MODEL_ENDPOINT is 'localhost'")]
    [InlineData("MORNINGAI_MODEL_API_KEY_FILE", "/nowhere/key", "cannot be read")]
    public void Value_WrongSetting_SaysHowToMendIt(string name, string value, string message) =>
        Assert.Contains(message, Assert.Throws<OptionsValidationException>(() => Read((name, value))).Message);

    [Fact]
    public void Value_KeyWithALineBreak_IsRefusedWithoutShowingIt()
    {
        var e = Assert.Throws<OptionsValidationException>(() => Read(("MORNINGAI_MODEL_API_KEY", "sk-se\ncret")));

        Assert.DoesNotContain("sk-se", e.Message);
    }

    [Theory]
    [InlineData("MorningAI:Faq:Queue", "No Queue", "is not a queue name")]
    [InlineData("MorningAI:Faq:MaxQuestionBytes", "0", "set it to 1 to 65536")]
    [InlineData("MorningAI:Faq:Repository", "x", "set it to owner/name")]
    public void AddFaqAgent_WrongSetting_SaysHowToMendIt(string name, string value, string message) =>
        Assert.Contains(message, Assert.Throws<OptionsValidationException>(() => FaqAgentFixture.Build((name, value))).Message);
}
