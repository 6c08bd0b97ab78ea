namespace MorningAI.Storage;

/// <summary>The store did not do what it was asked, or nobody knows.</summary>
internal sealed class StoreFaultException(StoreFault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    public StoreFault Fault { get; } = fault;

    /// <summary>It was sent, and no answer came.</summary>
    public bool MayHaveLanded { get; init; } = true;
}
