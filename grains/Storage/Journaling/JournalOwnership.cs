using Microsoft.Data.Sqlite;

namespace MorningAI.Storage.Journaling;

/// <summary>Whether a file is a journal that this silo may write. Only reads.</summary>
internal static class JournalOwnership
{
    /// <returns>False where the file is too damaged to tell.</returns>
    /// <exception cref="JournalException">It is another's.</exception>
    public static bool Check(JournalFiles files, JournalIdentity identity)
    {
        try
        {
            using var database = JournalDatabase.OpenToRead(files.Database);
            var application = database.Number("PRAGMA application_id");
            if (application == 0 && database.Number("SELECT count(*) FROM sqlite_schema") == 0)
                return true; // its making was interrupted
            if (application != JournalSchema.ApplicationId)
                throw new JournalException($"{files.Database} is a database of another program. Move it away, or give the silo another folder with --data.");
            var format = database.Number("PRAGMA user_version");
            if (format > JournalSchema.Format)
                throw new JournalException($"The journal {files.Database} was written by a newer version (format {format}; this one reads up to {JournalSchema.Format}). Run that version or a later one.");
            var found = new JournalIdentity(database.Meta(JournalSchema.Meta.Cluster) ?? "", database.Meta(JournalSchema.Meta.Service) ?? "");
            if (found != identity)
                throw new JournalException($"The journal {files.Database} belongs to cluster '{found.ClusterId}', service '{found.ServiceId}'; this silo is of cluster '{identity.ClusterId}', service '{identity.ServiceId}'. Set MORNINGAI_CLUSTER_ID and MORNINGAI_SERVICE_ID to the journal's, or give the silo another folder with --data.");
            return true;
        }
        catch (SqliteException e) when (e.IsDamage())
        {
            return false;
        }
    }
}
