using MorningAI.Cli;
using MorningAI.Cli.Silos;

namespace MorningAI.Tests.Unit.Cli;

public sealed class SiloFinderTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Find_Named_IsTakenAtItsWord()
    {
        var named = new Uri("http://192.0.2.1/");

        Assert.Equal(named, (await SiloFinder.Find(named, _cli.Data, _cli.DefaultSilo, TestContext.Current.CancellationToken)).Url);
    }

    [Fact]
    public async Task Find_EndpointFileOfALivingSilo_IsIt()
    {
        await using var silo = await FakeSilo.Start();
        await using var other = await FakeSilo.Start();
        Leave($$"""{"pid":123,"url":"{{silo.Url}}","name":"one"}""");

        Assert.Equal(silo.Url, await Find(other.Url));
    }

    [Theory]
    [InlineData("""{"pid":123,"url":"http://127.0.0.1:1","name":"gone"}""")]
    [InlineData("""{"pid":123}""")]
    [InlineData("""{"url":"file:///etc/passwd"}""")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Find_EndpointFileStaleOrBroken_IsTheDefault(string file)
    {
        await using var silo = await FakeSilo.Start();
        Leave(file);

        Assert.Equal(silo.Url, await Find(silo.Url));
    }

    [Fact]
    public async Task Find_DefaultIsAnotherProduct_IsNone()
    {
        await using var stranger = await FakeSilo.Start(ours: false);

        Assert.Null(await Find(stranger.Url));
    }

    [Fact]
    public async Task Connect_None_SaysWhereItLookedAndHowToStartOne()
    {
        var said = await _cli.Run(["info"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.NoSilo, ""), (said.Code, said.Out));
        Assert.Contains("silo.json does not exist", said.Error);
        Assert.Contains("http://127.0.0.1:1", said.Error);
        Assert.Contains("morningai silo", said.Error);
    }

    [Fact]
    public async Task Connect_ProbesWithoutTheApiKey()
    {
        string? seen = null;
        await using var silo = await FakeSilo.Start();
        silo.On("GET /health/live", http =>
        {
            seen = http.Request.Headers["X-API-Key"];
            return Task.CompletedTask;
        });
        _cli.DefaultSilo = silo.Url;
        _cli.Environment["MORNINGAI_API_KEY"] = "secret";

        await _cli.Run(["info"], TestContext.Current.CancellationToken);

        Assert.True(string.IsNullOrEmpty(seen));
        Assert.Equal("secret", Assert.Single(silo.Calls).ApiKey);
    }

    [Fact]
    public async Task Connect_OptionAndVariable_TheOptionWins()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /ops/overview", 200, """{"silo":{"name":"s"}}""");
        _cli.Environment["MORNINGAI_URL"] = "http://127.0.0.1:1";

        Assert.Equal(ExitCode.Ok, (await _cli.Run(["info", "--url", silo.Url.ToString()], TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public async Task Connect_VariableIsNoUrl_IsBadInput()
    {
        _cli.Environment["MORNINGAI_URL"] = "nowhere";

        Assert.Equal(ExitCode.BadInput, (await _cli.Run(["info"], TestContext.Current.CancellationToken)).Code);
    }

    private void Leave(string json) => File.WriteAllText(_cli.File(SiloEndpoint.FileName), json);

    private async Task<Uri?> Find(Uri fallback) => (await SiloFinder.Find(null, _cli.Data, fallback, TestContext.Current.CancellationToken)).Url;
}
