using Spectre.Console;
using Spectre.Console.Rendering;

namespace MorningAI.Cli.Display;

/// <summary>Where a task stands, and the last lines of what it writes.</summary>
internal sealed class WritingView(string first, int width, TimeProvider time) : IRenderable
{
    public static readonly TimeSpan Turn = Spinner.Known.Dots.Interval;

    private const int Lines = 8;
    private const int Kept = 4096;

    private readonly Lock _lock = new();
    private string _text = "";

    public string Standing { get; set; } = first;

    public void Add(string text)
    {
        lock (_lock)
        {
            _text += Plain.Lines(text);
            if (_text.Length > Kept)
                _text = _text[^Kept..];
        }
    }

    public void Clear()
    {
        lock (_lock)
            _text = "";
    }

    public Measurement Measure(RenderOptions options, int maxWidth) => Content().Measure(options, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => Content().Render(options, maxWidth);

    /// <summary>The end of the text, as many lines as fit.</summary>
    internal string Tail()
    {
        lock (_lock)
        {
            var room = Math.Max(width - 1, 1);
            var lines = _text.Split('\n').SelectMany(line => line.Length == 0 ? [""] : line.Chunk(room).Select(part => new string(part)));
            return string.Join('\n', lines.TakeLast(Lines));
        }
    }

    private IRenderable Content()
    {
        var frames = Spinner.Known.Dots.Frames;
        var turned = (int)(time.GetElapsedTime(0) / Turn % frames.Count);
        var tail = Tail();
        return new Text(tail.Length == 0 ? $"{frames[turned]} {Standing}" : $"{frames[turned]} {Standing}\n{tail}");
    }
}
