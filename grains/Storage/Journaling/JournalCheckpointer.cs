using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MorningAI.Storage.Journaling;

/// <summary>
/// Keeps the write-ahead log short without holding up appends: another thread moves the bulk of it into the file, and the
/// writing thread the little that came meanwhile, so that the log begins anew.
/// </summary>
internal sealed partial class JournalCheckpointer(string path, JournalDatabase writing, ILogger logger) : IDisposable
{
    /// <summary>Pages in 16 MiB.</summary>
    private const int Due = (16 << 20) / JournalDatabase.PageSize;

    private readonly ILogger _logger = logger;
    private JournalDatabase? _database;
    private Task? _bulk;
    private int _pages;

    /// <summary>After each commit.</summary>
    public void Committed()
    {
        _pages += writing.PagesWritten();
        if (_bulk is { IsCompleted: true })
        {
            _bulk = null;
            writing.Checkpoint();
            _pages = writing.PagesWritten();
        }
        else if (_bulk is null && _pages >= Due)
        {
            _bulk = Task.Run(MoveBulk);
        }
    }

    public void Dispose()
    {
        _bulk?.GetAwaiter().GetResult();
        _database?.Dispose();
    }

    private void MoveBulk()
    {
        try
        {
            if (_database is null)
            {
                _database = JournalDatabase.OpenToWrite(path, null);
                _database.Execute("PRAGMA cache_size = -2048");
            }

            _database.Checkpoint();
        }
        catch (SqliteException e)
        {
            // The log grows meanwhile; the next commits try again, and refuse appends only if they fail themselves.
            LogNotMoved(e.Describe());
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal's write-ahead log could not be moved into its file: {Reason}")]
    private partial void LogNotMoved(string reason);
}
