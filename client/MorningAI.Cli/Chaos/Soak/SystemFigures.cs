using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MorningAI.Cli.Chaos.Soak;

/// <summary>What the system knows of a process; null where it is gone, or the system does not tell.</summary>
internal static class SystemFigures
{
    public static long? ResidentBytes(int id) => Of(id, process => process.WorkingSet64);

    public static long? Threads(int id) => Of(id, process => process.Threads.Count);

    /// <summary>Open files and sockets; on Linux only.</summary>
    public static long? Handles(int id)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/fd").LongCount();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="pattern">Of the files' names.</param>
    public static long? FileBytes(string folder, string pattern)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles(pattern).Sum(f => f.Length);
        }
        catch (IOException)
        {
            return null; // one of them is gone since it was listed
        }
    }

    private static long? Of(int id, Func<Process, long> read)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return read(process);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
