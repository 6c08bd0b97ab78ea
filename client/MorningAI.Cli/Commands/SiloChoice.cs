using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands;

/// <summary>The options that say which silo a command talks to, and the way there.</summary>
internal sealed class SiloChoice
{
    private readonly Terminal _terminal;

    private readonly Option<Uri?> _url = new("--url")
    {
        HelpName = "URL",
        Description = "The silo to talk to. [env: MORNINGAI_URL]",
        CustomParser = ArgumentText.As(ArgumentText.Url),
    };

    private readonly Option<string?> _data = DataOption();

    public SiloChoice(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_url);
        command.Add(_data);
    }

    public static Option<string?> DataOption() => new("--data")
    {
        HelpName = "DIR",
        Description = "The data directory of the silo on this machine. Default: ./data [env: MORNINGAI_DATA]",
    };

    public string DataDirectory(ParseResult parsed) => parsed.GetValue(_data) ?? _terminal.Setting("MORNINGAI_DATA") ?? "data";

    /// <exception cref="CliException">No silo was found.</exception>
    public async Task<SiloApi> Connect(ParseResult parsed, CancellationToken cancellationToken) =>
        ApiAt((await Search(parsed, cancellationToken)).Required);

    public Task<SiloSearch> Search(ParseResult parsed, CancellationToken cancellationToken) =>
        SiloFinder.Find(Named(parsed), DataDirectory(parsed), _terminal.DefaultSilo, cancellationToken);

    public SiloApi ApiAt(Uri url) => new(new SiloConnection(url, _terminal.Setting("MORNINGAI_API_KEY")));

    private Uri? Named(ParseResult parsed)
    {
        if (parsed.GetValue(_url) is { } url)
            return url;
        if (_terminal.Setting("MORNINGAI_URL") is not { } text)
            return null;
        return SiloFinder.TryParseUrl(text, out var named)
            ? named
            : throw new CliException($"MORNINGAI_URL is '{Plain.Short(text)}': write it like http://127.0.0.1:8080.", ExitCode.BadInput);
    }
}
