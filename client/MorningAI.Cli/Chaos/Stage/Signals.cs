using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>Signals that .NET has no name for. To processes of this run only, by their id.</summary>
internal static class Signals
{
    private const int TerminateNumber = 15;

    // Linux and macOS number them differently.
    private static readonly int StopNumber = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int ContinueNumber = OperatingSystem.IsMacOS() ? 19 : 18;

    public static void Stop(int process) => Send(process, StopNumber);

    public static void Continue(int process) => Send(process, ContinueNumber);

    public static void Terminate(int process) => Send(process, TerminateNumber);

    private static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Signal {signal} could not be sent to process {process}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
