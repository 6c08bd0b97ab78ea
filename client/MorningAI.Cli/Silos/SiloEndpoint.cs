using System.Text.Json;

namespace MorningAI.Cli.Silos;

/// <summary>What a running silo leaves in its data directory, so that others on the machine find it.</summary>
internal sealed record SiloEndpoint(int Pid, string Url, string? Name)
{
    public const string FileName = "silo.json";

    /// <returns>Null with a reason where there is none that can be read.</returns>
    public static (Uri? Url, string? Reason) Read(string dataDirectory)
    {
        try
        {
            var endpoint = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(dataDirectory, FileName)), SiloJson.Default.SiloEndpoint);
            return SiloFinder.TryParseUrl(endpoint?.Url, out var url) ? (url, null) : (null, "holds no http address");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, "does not exist");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, "cannot be read");
        }
        catch (JsonException)
        {
            return (null, "is not JSON");
        }
    }
}
