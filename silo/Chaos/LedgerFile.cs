using System.Globalization;
using System.Text;

namespace MorningAI.Silo.Chaos;

/// <summary>
/// An append-only file outside the system that says what somebody saw, for the chaos runs to be judged by. One line an
/// event, <c>microseconds-since-1970 event word word…</c>, each handed to the system in one write: what was appended
/// survives the death of the process that wrote it.
/// </summary>
public sealed class LedgerFile(string path, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();

    // Without a buffer: every write is a system call of its own.
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public string Path { get; } = path;

    /// <summary>Appends one line, and returns its time.</summary>
    /// <param name="happening">What was seen; one word.</param>
    /// <param name="words">The rest of the line; none has a space in it.</param>
    public DateTimeOffset Append(string happening, params ReadOnlySpan<string> words)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            Write(now, happening, words);
            return now;
        }
    }

    /// <summary>Appends a line about an earlier moment.</summary>
    public void AppendOf(DateTimeOffset at, string happening, params ReadOnlySpan<string> words)
    {
        lock (_lock)
            Write(at, happening, words);
    }

    public static string Micros(DateTimeOffset at) => ((at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    public void Dispose() => _file.Dispose();

    private void Write(DateTimeOffset at, string happening, ReadOnlySpan<string> words) =>
        _file.Write(Encoding.UTF8.GetBytes($"{Micros(at)} {happening} {string.Join(' ', words)}\n"));
}
