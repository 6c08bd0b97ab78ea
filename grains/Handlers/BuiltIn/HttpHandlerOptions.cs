namespace MorningAI.Handlers.BuiltIn;

/// <summary>The <c>http</c> kind. Section <c>MorningAI:Http</c>.</summary>
public sealed class HttpHandlerOptions
{
    public const string Section = "MorningAI:Http";

    /// <summary>
    /// Where tasks may connect to. Default: empty, which means loopback only; once it is set, only what it lists. An entry is
    /// a host (<c>api.example.com</c>, <c>*.example.com</c>), which is trusted wherever it resolves to, link-local addresses
    /// excepted; or an address or network (<c>10.1.2.3</c>, <c>10.0.0.0/8</c>), whatever name leads there.
    /// </summary>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>The longest body that is kept of an answer, in bytes. Default: 1,048,576.</summary>
    public int MaxResponseBytes { get; set; } = 1024 * 1024;
}
