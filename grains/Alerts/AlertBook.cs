namespace MorningAI.Alerts;

/// <summary>
/// Open alerts and those that are over. Pure: what is the case goes in, and what has begun and ended comes out, each once.
/// </summary>
/// <param name="settle">A condition that comes and goes within this time is one alert: it is over once it has not been seen for so long.</param>
internal sealed class AlertBook(TimeSpan settle)
{
    /// <summary>Those that are over stay for people who come in the morning.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>The most that are kept.</summary>
    private const int Most = 500;

    private readonly Dictionary<string, DateTimeOffset> _seen = [];
    private List<Alert> _alerts = [];

    public IReadOnlyList<Alert> Alerts => _alerts;

    /// <summary>Those of an earlier life. What is open in both is one, and the earlier.</summary>
    public void Load(IReadOnlyCollection<Alert> alerts) =>
        _alerts = [.. alerts, .. _alerts.Where(a => !alerts.Any(k => k.Id == a.Id && (k.Since == a.Since || (k.IsOpen && a.IsOpen))))];

    /// <param name="conditions">All that is the case.</param>
    /// <param name="known">Whether a rule could be looked at; of one that could not, nothing ends.</param>
    /// <returns>What has begun or ended with it.</returns>
    public IReadOnlyList<Alert> Update(IReadOnlyList<Condition> conditions, Func<string, bool> known, DateTimeOffset now)
    {
        List<Alert> news = [];
        foreach (var condition in conditions)
        {
            _seen[condition.Id] = now;
            var at = _alerts.FindIndex(a => a.IsOpen && a.Id == condition.Id);
            if (at >= 0)
            {
                _alerts[at] = _alerts[at] with { Text = condition.Text, Severity = condition.Severity > _alerts[at].Severity ? condition.Severity : _alerts[at].Severity };
                continue;
            }

            var alert = new Alert { Id = condition.Id, Severity = condition.Severity, Text = condition.Text, Since = condition.Since };
            _alerts.Add(alert);
            news.Add(alert);
        }

        for (var i = 0; i < _alerts.Count; i++)
        {
            var alert = _alerts[i];
            if (!alert.IsOpen || !known(alert.Id) || conditions.Any(c => c.Id == alert.Id))
                continue;
            // One that was loaded, and never seen, has been over for longer than anybody knows.
            if (_seen.TryGetValue(alert.Id, out var seen) && now - seen < settle)
                continue;
            _alerts[i] = alert with { ResolvedAt = now };
            _seen.Remove(alert.Id);
            news.Add(_alerts[i]);
        }

        _alerts.RemoveAll(a => now - a.ResolvedAt > Kept);
        while (_alerts.Count > Most && _alerts.FindIndex(a => !a.IsOpen) is >= 0 and var oldest)
            _alerts.RemoveAt(oldest);
        return news;
    }

    public Alert? Acknowledge(string id, string? by, DateTimeOffset now)
    {
        var at = _alerts.FindLastIndex(a => a.Id == id && a.IsOpen);
        if (at < 0)
            at = _alerts.FindLastIndex(a => a.Id == id);
        if (at < 0)
            return null;
        if (_alerts[at].AcknowledgedAt is null)
            _alerts[at] = _alerts[at] with { AcknowledgedAt = now, AcknowledgedBy = by };
        return _alerts[at];
    }

    /// <summary>What the webhook has not taken yet.</summary>
    public IEnumerable<Alert> Untold() => _alerts.Where(a => !a.ToldBegin || (!a.IsOpen && !a.ToldEnd));

    /// <param name="told">As it was sent.</param>
    public void Told(Alert told)
    {
        var at = _alerts.FindIndex(a => a.Id == told.Id && a.Since == told.Since);
        if (at >= 0)
            _alerts[at] = _alerts[at] with { ToldBegin = true, ToldEnd = _alerts[at].ToldEnd || !told.IsOpen };
    }

    public IEnumerable<Alert> Listed() => _alerts.Where(a => a.IsOpen).OrderByDescending(a => a.Severity).ThenBy(a => a.Since)
        .Concat(_alerts.Where(a => !a.IsOpen).OrderByDescending(a => a.ResolvedAt));
}
