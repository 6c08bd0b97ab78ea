using System.Net.Sockets;
using StackExchange.Redis;

namespace MorningAI.Storage;

/// <summary>What is wrong with the store, by name. Each asks something else of its operator.</summary>
public enum StoreFault : byte
{
    None = 0,

    /// <summary>Nothing listens there, or the connection was reset or closed.</summary>
    Unreachable,

    /// <summary>No answer in time: it is stopped, overloaded, or the network swallows packets.</summary>
    Hanging,

    /// <summary>READONLY: it is a replica.</summary>
    ReadOnly,

    /// <summary>OOM command not allowed: its memory limit is reached.</summary>
    OutOfMemory,

    /// <summary>LOADING: it reads its data after a start.</summary>
    Loading,

    /// <summary>MISCONF: it cannot persist and therefore refuses writes.</summary>
    Misconfigured,

    /// <summary>NOAUTH, WRONGPASS or NOPERM: it does not know us, or does not let us.</summary>
    NotAllowed,

    /// <summary>It belongs to another service.</summary>
    NotOurs,

    /// <summary>Another error; its text is in the message.</summary>
    Refusing,
}

/// <summary>Names a store's fault from what its client threw.</summary>
public static class StoreFaults
{
    /// <summary>
    /// True for what the store's client throws. That is more than its own exceptions: a call that meets a connection in the
    /// moment of its end gets what the socket or the pipe below has to say.
    /// </summary>
    public static bool IsOne(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or IOException or SocketException or InvalidOperationException or OperationCanceledException;

    public static StoreFault Of(Exception exception) => exception switch
    {
        TimeoutException => StoreFault.Hanging, // RedisTimeoutException is one
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => StoreFault.NotAllowed,
        RedisConnectionException e when Named(e) is var named and not StoreFault.Refusing => named,
        RedisConnectionException or IOException or SocketException or InvalidOperationException or OperationCanceledException => StoreFault.Unreachable,
        _ => Named(exception),
    };

    /// <summary>For operators: what it is and where to look.</summary>
    public static string Describe(this StoreFault fault) => fault switch
    {
        StoreFault.None => "it answers",
        StoreFault.Unreachable => "it cannot be reached; look whether it runs, and at the address",
        StoreFault.Hanging => "it does not answer in time: it is stopped, overloaded or cut off",
        StoreFault.ReadOnly => "READONLY: this is a replica; name the primary",
        StoreFault.OutOfMemory => "OOM: its memory limit is reached; raise maxmemory or free memory",
        StoreFault.Loading => "LOADING: it reads its data after a start; it will answer when it has",
        StoreFault.Misconfigured => "MISCONF: it cannot write its own files; look at its disk and its log",
        StoreFault.NotAllowed => "NOAUTH or NOPERM: user, password or permissions are wrong",
        StoreFault.NotOurs => "it belongs to another service: nothing is written to it; the log says whose it is",
        _ => "it refuses; its own words are in the log",
    };

    private static StoreFault Named(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            var message = exception.Message;
            if (message.Contains("READONLY", StringComparison.Ordinal))
                return StoreFault.ReadOnly;
            if (message.Contains("OOM ", StringComparison.Ordinal))
                return StoreFault.OutOfMemory;
            if (message.Contains("LOADING", StringComparison.Ordinal))
                return StoreFault.Loading;
            if (message.Contains("MISCONF", StringComparison.Ordinal))
                return StoreFault.Misconfigured;
            if (message.Contains("NOAUTH", StringComparison.Ordinal) || message.Contains("WRONGPASS", StringComparison.Ordinal) || message.Contains("NOPERM", StringComparison.Ordinal))
                return StoreFault.NotAllowed;
        }

        return StoreFault.Refusing;
    }
}
