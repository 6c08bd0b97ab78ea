using System.Collections.Immutable;
using System.Text;
using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>
/// Takes log lines and streamed text from a handler and brings them to its task: the first at once, then what has come
/// together every 50 ms, one message at a time. Bounded: where the task does not take it quickly enough, the oldest goes.
/// </summary>
internal sealed class AttemptVoice(int attempt, Func<AttemptSaid, Task<bool>> send, TimeProvider time)
{
    /// <summary>Characters of text in one message.</summary>
    public const int MaxMessage = 16_384;

    /// <summary>Characters of text that wait for one; no more than the task keeps.</summary>
    public const int MaxWaiting = 65_536;

    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<TaskLogLine> _lines = []; // all that may be kept: the end of the attempt carries them once more
    private readonly StringBuilder _text = new(); // not confirmed yet
    private int _unsaid; // of the lines, from the end
    private int _characters;
    private int _dropped;
    private long _offset;
    private long _epoch;
    private long _lastTicks;
    private char? _half;
    private bool _sending;
    private bool _closed;

    public bool IsClosed
    {
        get
        {
            lock (_lock)
                return _closed;
        }
    }

    public void Log(TaskLogLevel level, string text)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _lastTicks = Math.Max(time.GetUtcNow().UtcTicks, _lastTicks + 1);
            var line = new TaskLogLine(attempt, new DateTimeOffset(_lastTicks, TimeSpan.Zero), level, text.Length > TaskTrail.MaxLineLength ? text[..TaskTrail.MaxLineLength] + "…" : text);
            _lines.Add(line);
            _unsaid++;
            _characters += line.Text.Length;
            while (_lines.Count > TaskTrail.MaxLines || _characters > TaskTrail.MaxCharacters)
                DropOldestLine();
            Begin();
        }
    }

    public void Stream(string text)
    {
        lock (_lock)
        {
            if (_closed || text.Length == 0)
                return;
            if (_epoch == 0)
                _epoch = time.GetUtcNow().ToUnixTimeMilliseconds();
            Append(text);
            if (_text.Length == 0)
                return;
            if (_text.Length > MaxWaiting)
                DropText(_text.Length - MaxWaiting);
            Begin();
        }
    }

    /// <summary>What was streamed so far is void; what follows is a text from its start.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            if (_epoch == 0)
                return;
            _epoch = Math.Max(_epoch + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
            _text.Clear();
            (_offset, _half) = (0, null);
        }
    }

    /// <summary>Nothing more is said.</summary>
    /// <returns>All lines, and the text that was not confirmed; null where there is neither.</returns>
    public AttemptSaid? Close()
    {
        lock (_lock)
        {
            _closed = true;
            if (_text.Length == 0 && _lines.Count == 0)
                return null;
            return new AttemptSaid
            {
                Lines = [.. _lines],
                Dropped = _dropped,
                Text = _text.Length == 0 ? null : new StreamedText(_epoch, _offset, _text.ToString()),
            };
        }
    }

    /// <summary>A token may end in half of a surrogate pair, which is no text: it waits for its other half.</summary>
    private void Append(string text)
    {
        if (_half is { } half)
            _text.Append(half);
        _half = char.IsHighSurrogate(text[^1]) ? text[^1] : null;
        _text.Append(text, 0, _half is null ? text.Length : text.Length - 1);
    }

    private void DropOldestLine()
    {
        _characters -= _lines[0].Text.Length;
        _lines.RemoveAt(0);
        _dropped++;
        _unsaid = Math.Min(_unsaid, _lines.Count);
    }

    private void DropText(int count)
    {
        if (count < _text.Length && char.IsLowSurrogate(_text[count]))
            count++;
        _text.Remove(0, count);
        _offset += count;
    }

    private void Begin()
    {
        if (_sending)
            return;
        _sending = true;
        _ = Task.Run(SendAll);
    }

    private async Task SendAll()
    {
        var pause = Interval;
        while (Next() is { } said)
        {
            try
            {
                if (!await send(said).ConfigureAwait(false))
                {
                    Close(); // another attempt has taken its place
                    return;
                }

                Confirm(said);
                pause = Interval;
            }
            catch (Exception)
            {
                // The task is not to be reached now, for whatever reason. It is asked again, and at the end the result brings what it missed.
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            await Task.Delay(pause, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private AttemptSaid? Next()
    {
        lock (_lock)
        {
            if (_closed || (_unsaid == 0 && _text.Length == 0))
            {
                _sending = false;
                return null;
            }

            var length = Math.Min(_text.Length, MaxMessage);
            if (length > 1 && char.IsHighSurrogate(_text[length - 1]))
                length--;
            return new AttemptSaid
            {
                Lines = _unsaid == 0 ? [] : [.. _lines.TakeLast(_unsaid)],
                Dropped = _unsaid == 0 ? 0 : _dropped,
                Text = length == 0 ? null : new StreamedText(_epoch, _offset, _text.ToString(0, length)),
            };
        }
    }

    private void Confirm(AttemptSaid said)
    {
        lock (_lock)
        {
            if (said.Lines is [.., var last])
            {
                _unsaid = Math.Min(_unsaid, _lines.Count - (_lines.FindLastIndex(line => line.Mark <= last.Mark) + 1));
                _dropped -= said.Dropped;
            }

            if (said.Text is { } text && text.Epoch == _epoch && text.End > _offset)
                DropText((int)(text.End - _offset));
        }
    }
}
