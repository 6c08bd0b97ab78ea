namespace MorningAI.Storage.Journaling;

/// <summary>How far a tag has been confirmed without a break for the whole window. In samples, not by record.</summary>
internal sealed class ConfirmedWindow(TimeSpan window)
{
    private const int Samples = 16;
    private readonly List<(TimeSpan At, long Seq)> _samples = [];

    /// <summary>Records up to here have been confirmed for the window.</summary>
    public long Elapsed { get; private set; }

    /// <param name="lowest">The lowest that was confirmed since the last call: a store that came back older sets records back, and their window begins anew.</param>
    public void Pass(TimeSpan now, long lowest, long confirmed)
    {
        Elapsed = Math.Min(Elapsed, lowest);
        for (var i = 0; i < _samples.Count; i++)
            _samples[i] = (_samples[i].At, Math.Min(_samples[i].Seq, lowest));
        var over = _samples.FindLastIndex(s => s.At + window <= now);
        if (over >= 0)
        {
            Elapsed = _samples[over].Seq;
            _samples.RemoveRange(0, over + 1);
        }

        if (_samples.Count == 0 || now - _samples[^1].At >= window / Samples)
            _samples.Add((now, confirmed));
    }
}
