using MorningAI.Cli;

namespace MorningAI.Tests.Unit.Cli;

public sealed class HelpTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Help_Root_ListsEveryCommandByTheNameThatMakesItAlone()
    {
        var said = await _cli.Run(["--help"], TestContext.Current.CancellationToken);
        var terminal = new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, In = Stream.Null, Variable = _ => null };

        Assert.All(MorningAI.Cli.Program.Known, known =>
        {
            var command = known.Value(terminal);
            Assert.Equal(known.Key, command.Name);
            Assert.Equal([command.Name], MorningAI.Cli.Program.Commands(terminal, [known.Key]).Root.Subcommands.Select(c => c.Name));
            Assert.Equal(!command.Hidden, said.Out.Contains($"  {command.Name} ", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Help_Root_ListsEveryExitCode()
    {
        var said = await _cli.Run(["--help"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Error));
        var codes = typeof(ExitCode).GetFields().Select(field => (int)field.GetRawConstantValue()!);
        Assert.All(codes, code => Assert.Contains(said.Out.Split('\n'), line => line.TrimStart().StartsWith($"{code}  ", StringComparison.Ordinal)));
    }
}
