using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>One silo with the embedded store, for all tests of a class that leave it as they found it.</summary>
public sealed class OneSilo : IAsyncLifetime
{
    private readonly Scratch _scratch = new();

    public SiloProcess Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Silo = await SiloProcess.Start(_scratch.At("data"));

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        _scratch.Dispose();
    }
}
