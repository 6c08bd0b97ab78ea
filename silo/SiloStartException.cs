namespace MorningAI.Silo;

/// <summary>A silo cannot start, for a reason that its operator can mend; the message says how.</summary>
public sealed class SiloStartException(string message, Exception? inner = null) : Exception(message, inner);
