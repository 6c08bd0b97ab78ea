using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MorningAI.Tasks;

/// <summary>
/// UUIDs of version 7 (RFC 9562, 5.7), as <see cref="Guid.CreateVersion7(DateTimeOffset)"/> makes them: that asks the kernel for
/// each, which was a fifth of a client's processor time for a submit in bulk.
/// </summary>
internal static class UniqueNumbers
{
    private const int TimeLength = 6;
    private const int Length = 16;

    /// <summary>Of one number: six bits of the ten bytes give way to its version and variant.</summary>
    private const int RandomLength = Length - TimeLength;

    /// <summary>Numbers made of what the kernel gives at a time.</summary>
    private const int AtATime = 100;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    public static Guid Next(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        TakeRandom().CopyTo(bytes[TimeLength..]);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    private static ReadOnlySpan<byte> TakeRandom()
    {
        var random = _random ??= new byte[AtATime * RandomLength];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = AtATime;
        }

        return random.AsSpan(--_left * RandomLength, RandomLength);
    }
}
