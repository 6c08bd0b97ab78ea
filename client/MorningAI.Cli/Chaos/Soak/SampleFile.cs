using MorningAI.Cli.Display;

namespace MorningAI.Cli.Chaos.Soak;

/// <summary>The samples of a run, in a CSV file line by line as they are taken: an interrupted run has them, too.</summary>
internal sealed class SampleFile : IDisposable
{
    /// <summary>In the evidence folder.</summary>
    public const string Name = "samples.csv";

    private readonly StreamWriter _file;
    private readonly List<Sample> _written = [];

    private SampleFile(StreamWriter file)
    {
        _file = file;
        _file.WriteLine(Sample.Header);
    }

    public IReadOnlyList<Sample> Written => _written;

    /// <summary>Replaces what is there.</summary>
    /// <exception cref="CliException">It cannot be written there.</exception>
    public static SampleFile Open(string path)
    {
        try
        {
            return new SampleFile(new StreamWriter(path, append: false) { AutoFlush = true, NewLine = "\n" });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliException($"Cannot write samples to {Plain.Line(path)}: {Plain.Line(e.Message)}", ExitCode.BadInput, e);
        }
    }

    public void Write(Sample sample)
    {
        _written.Add(sample);
        _file.WriteLine(sample.ToLine());
    }

    public void Dispose() => _file.Dispose();
}
