using MorningAI.Cli;
using MorningAI.Cli.Silos;
using MorningAI.Silo;

namespace MorningAI.Tests.Unit.Cli;

/// <summary>Calls of the command line in this process, in a data directory of their own.</summary>
internal sealed class CliCall : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("morningai-cli-");

    public Dictionary<string, string> Environment { get; } = [];

    public byte[] Input { get; set; } = [];

    public StubSilos Silos { get; } = new();

    public LeapingTime Time { get; } = new();

    /// <summary>A closed port unless set: no silo is found there.</summary>
    public Uri DefaultSilo { get; set; } = new("http://127.0.0.1:1");

    /// <summary>Standard error is a terminal.</summary>
    public bool ErrorIsInteractive { get; set; }

    public string Data => _data.FullName;

    public string File(string name) => Path.Combine(Data, name);

    public async Task<Said> Run(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal
        {
            Out = output,
            Error = TextWriter.Synchronized(error),
            In = new MemoryStream(Input),
            Variable = name => name == "MORNINGAI_DATA" ? Environment.GetValueOrDefault(name, Data) : Environment.GetValueOrDefault(name),
            Time = Time,
            ErrorIsInteractive = ErrorIsInteractive,
            Silos = Silos,
            DefaultSilo = DefaultSilo,
        };
        var code = await CommandRun.Run(MorningAI.Cli.Program.Commands(terminal, arguments), arguments, cancellationToken);
        return new Said(code, output.ToString(), error.ToString());
    }

    public Task<Said> Run(FakeSilo silo, params string[] arguments)
    {
        Environment["MORNINGAI_URL"] = silo.Url.ToString();
        return Run(arguments, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _data.Delete(recursive: true);

    internal sealed record Said(int Code, string Out, string Error);
}

/// <summary>Silos of this process, faked: remembers the settings, and answers with <see cref="Url"/> or refuses.</summary>
internal sealed class StubSilos : ISiloStarter
{
    public SiloSettings? Settings { get; private set; }

    public Uri? Url { get; set; }

    public bool Stopped { get; private set; }

    public Task<int> Run(SiloSettings settings, CancellationToken cancellationToken)
    {
        Settings = settings;
        return Url is null ? throw new SiloStartException("Port 8080 is taken: choose another with --http.") : Task.FromResult(0);
    }

    public Task<RunningSilo> Start(SiloSettings settings, CancellationToken cancellationToken)
    {
        Settings = settings;
        return Url is null
            ? throw new SiloStartException("The data directory is in use by process 7.")
            : Task.FromResult<RunningSilo>(new Running(this, Url));
    }

    private sealed class Running(StubSilos silos, Uri url) : RunningSilo
    {
        public override Uri Url => url;

        public override ValueTask DisposeAsync()
        {
            silos.Stopped = true;
            return ValueTask.CompletedTask;
        }
    }
}
