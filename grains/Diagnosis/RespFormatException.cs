namespace MorningAI.Diagnosis;

/// <summary>What came is not Redis' protocol, or more of it than any answer here has.</summary>
internal sealed class RespFormatException(string message) : Exception(message);
