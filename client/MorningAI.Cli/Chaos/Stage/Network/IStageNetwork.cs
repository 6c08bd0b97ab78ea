using System.Net;

namespace MorningAI.Cli.Chaos.Stage.Network;

/// <summary>Where the run's processes are, and how they reach each other.</summary>
internal interface IStageNetwork : IAsyncDisposable
{
    /// <summary>Makes a place for one more; before anything is started in it.</summary>
    Task Add(string member, CancellationToken cancellationToken);

    /// <summary>Of a member that was added, or of <see cref="TcpProxy.Name"/>.</summary>
    IPAddress AddressOf(string member);

    /// <returns>What to start so that the program runs in that member's place, and the arguments that go before its own.</returns>
    (string Program, string[] Before) In(string member, string program);
}
