using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Cli;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;

namespace MorningAI.Tests.Unit.Cli;

public sealed class JournalCommandTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Journal_WhileASiloHasItOpen_ShowsIt()
    {
        using var journal = await OpenWithOne();

        var said = await _cli.Run(["journal"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Error));
        Assert.Contains("cluster here, service tests", said.Out, StringComparison.Ordinal);
        Assert.Contains("1 for the store", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Journal_Json_IsOneObject()
    {
        using var journal = await OpenWithOne();

        var said = await _cli.Run(["journal", "--json"], TestContext.Current.CancellationToken);

        var view = JsonDocument.Parse(said.Out).RootElement;
        Assert.Equal((1, 1), (view.GetProperty("records").GetInt64(), view.GetProperty("waiting").GetInt64()));
        Assert.Equal("here", view.GetProperty("cluster_id").GetString());
    }

    [Fact]
    public async Task Quarantine_OneEntry_IsShownWithItsBytes()
    {
        using (var journal = await OpenWithOne())
            journal.Quarantine(new RecordKey("a", "task", "odd"), [1, 2, 3], "no task");

        var said = await _cli.Run(["journal", "quarantine", "--data", _cli.Data], TestContext.Current.CancellationToken);
        Assert.Contains("a/task/odd  3 bytes  no task", said.Out, StringComparison.Ordinal);

        said = await _cli.Run(["journal", "quarantine", "--json"], TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3], JsonDocument.Parse(said.Out).RootElement.GetProperty("bytes").GetBytesFromBase64());
    }

    [Fact]
    public async Task Journal_None_SaysWhereItLooked()
    {
        var said = await _cli.Run(["journal"], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Failed, said.Code);
        Assert.Contains($"There is no journal at {_cli.File("journal.db")}", said.Error, StringComparison.Ordinal);
    }

    private async Task<SqliteJournal> OpenWithOne()
    {
        var journal = SqliteJournal.Open(_cli.File("journal.db"), new JournalIdentity("here", "tests"), new JournalOptions(), () => true, _cli.Time, NullLogger.Instance);
        await journal.Append(new RecordWrite { Key = new RecordKey("a", "task", "one"), Version = 1, Base = 0, Writer = 1, Body = [1] }).Durable.InTime();
        return journal;
    }
}
