namespace MorningAI.Storage;

/// <summary>A call to the store failed in a way that has a name. Whether it had an effect is not known.</summary>
internal sealed class StoreFaultException(StoreFault fault, string message, Exception inner) : Exception(message, inner)
{
    public StoreFault Fault { get; } = fault;
}
