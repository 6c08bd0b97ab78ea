namespace MorningAI.Storage;

/// <summary>Makes the calls to the store. Tests put theirs in its place, which refuse, hang, are slow, or succeed and then say nothing.</summary>
internal class StoreCalls
{
    public static readonly StoreCalls Plain = new();

    public virtual Task<T> Make<T>(Func<Task<T>> call) => call();
}
