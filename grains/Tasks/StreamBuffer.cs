using System.Text;

namespace MorningAI.Tasks;

/// <summary>The end of what an attempt streams, for whoever watches or comes back. In memory: the task's result is what lasts.</summary>
internal sealed class StreamBuffer
{
    /// <summary>UTF-16 characters: some 16,000 tokens.</summary>
    public const int MaxCharacters = 65_536;

    private readonly StringBuilder _text = new();

    public int Attempt { get; private set; }

    public long Epoch { get; private set; }

    /// <summary>Of the first character that is kept.</summary>
    public long From { get; private set; }

    public long To => From + _text.Length;

    /// <returns>Whether it was new.</returns>
    public bool Add(int attempt, StreamedText piece)
    {
        if (attempt == Attempt && piece.Epoch < Epoch)
            return false; // of a text that was begun anew since; of earlier attempts nothing comes here
        if (attempt != Attempt || piece.Epoch != Epoch || piece.Offset > To)
        {
            // The start of a text, or what comes after a gap: a buffer with a hole would have to be told from one without.
            _text.Clear();
            (Attempt, Epoch, From) = (attempt, piece.Epoch, piece.Offset);
        }

        var known = (int)Math.Min(To - piece.Offset, piece.Text.Length);
        if (known == piece.Text.Length)
            return false;
        _text.Append(piece.Text, known, piece.Text.Length - known);
        if (_text.Length > MaxCharacters)
            Cut(_text.Length - MaxCharacters);
        return true;
    }

    /// <summary>Never ends within a surrogate pair.</summary>
    public string Read(long from, int atMost)
    {
        var start = (int)(from - From);
        var length = Math.Min(atMost, _text.Length - start);
        if (length > 1 && char.IsHighSurrogate(_text[start + length - 1]))
            length--;
        return _text.ToString(start, length);
    }

    private void Cut(int count)
    {
        if (count < _text.Length && char.IsLowSurrogate(_text[count]))
            count++;
        _text.Remove(0, count);
        From += count;
    }
}
