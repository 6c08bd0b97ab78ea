using System.Text;

namespace MorningAI.Cli.Display;

/// <summary>
/// The file of <c>--out</c>: opened before the work, so that a wrong path costs nothing, and put in its place whole or not
/// at all. Devices and pipes are written to, never replaced.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string? _draft;
    private readonly FileStream _stream;

    private OutputFile(string path, string? draft, FileStream stream) => (_path, _draft, _stream) = (path, draft, stream);

    /// <exception cref="CliException">It cannot be written there.</exception>
    public static OutputFile Open(string path)
    {
        try
        {
            var target = Path.GetFullPath(path);
            if (new FileInfo(target).LinkTarget is not null)
                target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
            if (Directory.Exists(target))
                throw new IOException("it is a directory");
            if (IsSpecial(path) || IsSpecial(target))
                return new OutputFile(path, null, new FileStream(path, FileMode.Open, FileAccess.Write));
            if (File.Exists(target))
                File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
            var draft = $"{target}.{Path.GetRandomFileName()}.tmp";
            return new OutputFile(target, draft, new FileStream(draft, FileMode.CreateNew, FileAccess.Write));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliException($"Cannot write to {Plain.Line(path)}: {Plain.Line(e.Message)}", ExitCode.BadInput, e);
        }
    }

    /// <exception cref="CliException">It could not be written; the file is as it was.</exception>
    public void Write(string text)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(text));
            _stream.Flush(flushToDisk: _draft is not null);
            _stream.Dispose();
            if (_draft is null)
                return;
            if (!OperatingSystem.IsWindows() && File.Exists(_path))
                File.SetUnixFileMode(_draft, File.GetUnixFileMode(_path));
            File.Move(_draft, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"Cannot write to {Plain.Line(_path)}: {Plain.Line(e.Message)}", ExitCode.Failed, e);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_draft is not null)
            File.Delete(_draft);
    }

    private static bool IsSpecial(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);
}
