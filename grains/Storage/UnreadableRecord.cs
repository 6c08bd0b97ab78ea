namespace MorningAI.Storage;

/// <summary>Tells a record that nobody can read from a silo that cannot read any more.</summary>
internal static class UnreadableRecord
{
    /// <summary>
    /// Whatever damaged bytes make the serializer throw, they make it throw again. But a silo that ends may read while its
    /// services are gone already: what it cannot read then is as good as ever.
    /// </summary>
    public static bool IsCauseOf(Exception e) => e is not ObjectDisposedException && (e.InnerException is null || IsCauseOf(e.InnerException));
}
