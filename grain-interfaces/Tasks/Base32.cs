namespace MorningAI.Tasks;

/// <summary>A 128-bit value as 26 lower-case Crockford base-32 digits, most significant first, so text order is value order.</summary>
public static class Base32
{
    /// <summary>26 digits of 5 bits hold 130 bits; the first digit is below 8.</summary>
    public const int Length = 26;

    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Encode(Guid value) => string.Create(Length, value, static (span, guid) => Write(guid, span));

    /// <param name="digits">Of <see cref="Length"/>.</param>
    internal static void Write(Guid value, Span<char> digits)
    {
        var bits = AsNumber(value);
        for (var i = Length - 1; i >= 0; i--)
        {
            digits[i] = Digits[(int)(bits & 31)];
            bits >>= 5;
        }
    }

    /// <summary>Accepts only what <see cref="Encode"/> writes: one value has one spelling.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out Guid value)
    {
        value = default;
        if (text.Length != Length || text[0] > '7')
            return false;
        UInt128 bits = 0;
        foreach (var c in text)
        {
            var digit = Digits.IndexOf(c);
            if (digit < 0)
                return false;
            bits = (bits << 5) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        value = new Guid(bytes, bigEndian: true);
        return true;
    }

    private static UInt128 AsNumber(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
