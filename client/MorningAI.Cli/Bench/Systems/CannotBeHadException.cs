namespace MorningAI.Cli.Bench.Systems;

/// <summary>A peer is not on this machine and could not be brought; the message says why and how to install it.</summary>
internal sealed class CannotBeHadException(string reason, Exception? inner = null) : Exception(reason, inner);
