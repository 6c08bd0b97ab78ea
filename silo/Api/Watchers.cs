using Microsoft.Extensions.Options;

namespace MorningAI.Silo.Api;

/// <summary>Counts the event streams of this silo, and keeps them within their bound.</summary>
internal sealed class Watchers(IOptions<WatchOptions> options)
{
    private int _open;

    public int Open => Volatile.Read(ref _open);

    /// <returns>To be disposed when the stream ends; null where there are too many.</returns>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _open) <= options.Value.MaxStreams)
            return new Place(this);
        Interlocked.Decrement(ref _open);
        return null;
    }

    private sealed class Place(Watchers watchers) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                Interlocked.Decrement(ref watchers._open);
        }
    }
}
