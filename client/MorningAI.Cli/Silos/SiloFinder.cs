using System.Diagnostics.CodeAnalysis;

namespace MorningAI.Cli.Silos;

/// <summary>Where the silo is, or where it was looked for in vain.</summary>
/// <param name="Looked">A line each for people: the place, and why it was not there.</param>
internal sealed record SiloSearch(Uri? Url, IReadOnlyList<string> Looked)
{
    public Uri Required => Url ?? throw new CliException(
        $"No silo found: {string.Join("; ", Looked)}. Start one with 'morningai silo', or name one with --url or MORNINGAI_URL.",
        ExitCode.NoSilo);
}

/// <summary>Finds the silo to talk to: the named one, else the one of the data directory, else one at the default address.</summary>
internal static class SiloFinder
{
    /// <summary>Every MorningAI silo's answers carry it: port 8080 may be anybody's.</summary>
    public const string ProductHeader = "X-MorningAI-Silo";

    /// <summary>/health/live asks nobody: a silo that lives answers at once.</summary>
    private static readonly TimeSpan LiveLimit = TimeSpan.FromSeconds(2);

    /// <summary>A named silo is taken at its word; the others are asked first, without the API key.</summary>
    public static async Task<SiloSearch> Find(Uri? named, string dataDirectory, Uri fallback, CancellationToken cancellationToken)
    {
        if (named is not null)
            return new SiloSearch(named, []);

        var file = Path.Combine(dataDirectory, SiloEndpoint.FileName);
        var (url, reason) = SiloEndpoint.Read(dataDirectory);
        if (url is not null)
        {
            if (await Lives(url, mustBeOurs: false, cancellationToken))
                return new SiloSearch(url, []);
            reason = $"names {url}, which does not answer";
        }

        return await Lives(fallback, mustBeOurs: true, cancellationToken)
            ? new SiloSearch(fallback, [])
            : new SiloSearch(null, [$"{file} {reason}", $"no silo answers at {fallback}"]);
    }

    public static bool TryParseUrl(string? text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    private static async Task<bool> Lives(Uri url, bool mustBeOurs, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(SiloConnection.HandlerFor(url)) { Timeout = LiveLimit };
        try
        {
            var live = new UriBuilder(url) { Path = url.AbsolutePath.TrimEnd('/') + "/health/live" }.Uri;
            using var response = await http.GetAsync(live, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode && (!mustBeOurs || response.Headers.Contains(ProductHeader));
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
