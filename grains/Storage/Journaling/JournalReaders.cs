using System.Collections.Concurrent;

namespace MorningAI.Storage.Journaling;

/// <summary>A few connections for reading. Whoever finds none free waits: a read takes microseconds.</summary>
internal sealed class JournalReaders(string path) : IDisposable
{
    private const int Most = 4;
    private readonly SemaphoreSlim _free = new(Most);
    private readonly ConcurrentBag<JournalReader> _readers = [];

    public T Use<T>(Func<JournalReader, T> read)
    {
        _free.Wait();
        try
        {
            if (!_readers.TryTake(out var reader))
                reader = new JournalReader(path);
            try
            {
                var result = read(reader);
                _readers.Add(reader);
                return result;
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        _free.Dispose();
    }
}
