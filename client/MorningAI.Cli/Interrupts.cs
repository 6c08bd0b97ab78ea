using System.Runtime.InteropServices;

namespace MorningAI.Cli;

/// <summary>Ctrl-C and SIGTERM as a token. A second Ctrl-C ends the process at once, for whoever does not want to wait for an orderly end.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interrupts()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested && context.Signal == PosixSignal.SIGINT)
            Environment.Exit(ExitCode.Interrupted);
        _source.Cancel();
    }
}
