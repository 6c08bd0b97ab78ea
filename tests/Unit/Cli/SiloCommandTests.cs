using MorningAI.Cli;
using MorningAI.Silo;

namespace MorningAI.Tests.Unit.Cli;

public sealed class SiloCommandTests : IDisposable
{
    private readonly CliCall _cli = new() { Silos = { Url = new Uri("http://127.0.0.1:1") } };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Silo_NothingGiven_UsesTheDefaults()
    {
        _cli.Environment["MORNINGAI_DATA"] = "";

        Assert.Equal(ExitCode.Ok, (await Run("silo")).Code);
        Assert.Equal(new SiloSettings(), _cli.Silos.Settings);
    }

    [Fact]
    public async Task Silo_OptionsAndVariables_TheOptionWins()
    {
        foreach (var (name, value) in new[] { ("REDIS_URL", "redis://env"), ("MORNINGAI_HTTP_PORT", "1"), ("MORNINGAI_SILO_PORT", "2"), ("MORNINGAI_GATEWAY_PORT", "3"), ("MORNINGAI_DATA", "env"), ("MORNINGAI_NAME", "env"), ("MORNINGAI_HOST", "0.0.0.0") })
            _cli.Environment[name] = value;

        await Run("silo");
        Assert.Equal(new SiloSettings { Redis = "redis://env", HttpPort = 1, SiloPort = 2, GatewayPort = 3, DataDirectory = "env", Name = "env", Host = "0.0.0.0" }, _cli.Silos.Settings);

        await Run("silo", "--redis", "redis://o", "--http", "0", "--silo-port", "12", "--gateway-port", "13", "--data", "o", "--name", "o", "--host", "::1");
        Assert.Equal(new SiloSettings { Redis = "redis://o", HttpPort = 0, SiloPort = 12, GatewayPort = 13, DataDirectory = "o", Name = "o", Host = "::1" }, _cli.Silos.Settings);
    }

    [Theory]
    [InlineData("--http", "65536")]
    [InlineData("--http", "-1")]
    [InlineData("--silo-port", "http")]
    [InlineData("--name", "a b")]
    public async Task Silo_BadOption_IsBadInput(string option, string value)
    {
        Assert.Equal(ExitCode.BadInput, (await Run("silo", option, value)).Code);
        Assert.Null(_cli.Silos.Settings);
    }

    [Fact]
    public async Task Silo_BadVariable_NamesIt()
    {
        _cli.Environment["MORNINGAI_GATEWAY_PORT"] = "many";

        var said = await Run("silo");

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("MORNINGAI_GATEWAY_PORT", said.Error);
    }

    [Fact]
    public async Task Silo_CannotStart_SaysWhyInOneLine()
    {
        _cli.Silos.Url = null;

        var said = await Run("silo");

        Assert.Equal(ExitCode.Failed, said.Code);
        Assert.Equal("morningai: Port 8080 is taken: choose another with --http.", said.Error.Trim());
    }

    private Task<CliCall.Said> Run(params string[] arguments) => _cli.Run(arguments, TestContext.Current.CancellationToken);
}
