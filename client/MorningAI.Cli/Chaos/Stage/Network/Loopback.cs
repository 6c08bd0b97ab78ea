using System.Net;

namespace MorningAI.Cli.Chaos.Stage.Network;

/// <summary>All on one address, apart by their ports.</summary>
internal sealed class Loopback : IStageNetwork
{
    public Task Add(string member, CancellationToken cancellationToken) => Task.CompletedTask;

    public IPAddress AddressOf(string member) => IPAddress.Loopback;

    public (string Program, string[] Before) In(string member, string program) => (program, []);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
