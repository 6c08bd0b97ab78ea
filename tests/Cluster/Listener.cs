using MorningAI.Tasks;
using MorningAI.Tests.Harness;

namespace MorningAI.Tests.Cluster;

/// <summary>Follows a task as the silo's event stream does: from the last id on, whatever fails meanwhile.</summary>
internal sealed class Listener
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<TaskHappening> _heard = [];
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(2));

    public Listener(IGrainFactory grains, TaskId id) => Ended = Listen(grains, id);

    public Task Ended { get; }

    /// <summary>One word each, but for progress.</summary>
    public string[] Words
    {
        get
        {
            lock (_lock)
                return [.. _heard.Select(Word).Where(word => word.Length > 0)];
        }
    }

    /// <summary>What a person sees of the text at the end.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
                return _heard.Aggregate("", (text, happening) => happening switch { TextStreamed chunk => text + chunk.Text, StreamRestarted => "", _ => text });
        }
    }

    public Task Heard(string word) => Deadline.Until($"'{word}' is heard", Limit, () => Task.FromResult(Words.Contains(word)), () => string.Join(" | ", Words));

    public Task HeardText(string text) => Deadline.Until($"'{text}' is heard", Limit, () => Task.FromResult(Text == text), () => Text);

    public Task HeardEnd() => Ended.WaitAsync(Limit);

    private async Task Listen(IGrainFactory grains, TaskId id)
    {
        EventCursor after = default;
        while (true)
        {
            try
            {
                // The call to a silo that died stays open; and each id goes through its text, as over HTTP.
                var news = await grains.GetTask(id).Follow(after, null, TimeSpan.FromSeconds(1)).WaitAsync(TimeSpan.FromSeconds(3), _stop.Token);
                if (news is null)
                    throw new InvalidOperationException("There is no such task.");
                lock (_lock)
                    _heard.AddRange(news.Happenings);
                if (news.Ended)
                    return;
                if (news.Happenings is [.., var last] && !EventCursor.TryParse(last.Id.ToString(), out after))
                    throw new InvalidOperationException($"{last.Id} is no id.");
            }
            catch (Exception e) when (e is not (OperationCanceledException or InvalidOperationException))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), _stop.Token);
            }
        }
    }

    private static string Word(TaskHappening happening) => happening switch
    {
        StateReached { Line: var line } => line.Attempt == 0 ? line.State.WireName() : $"{line.State.WireName()} {line.Attempt}",
        LineLogged { Line: var line } => line.Text,
        StreamRestarted restarted => $"restarted {restarted.Attempt}",
        StreamTruncated => "truncated",
        LinesDropped => "dropped",
        TaskEnded => "end",
        _ => "",
    };
}
