using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>Sidekiq (Ruby): as installed, else of the distribution.</summary>
internal sealed class Sidekiq : PeerSystem
{
    public const string SystemName = "sidekiq";
    private const string Script = "sidekiq.rb";
    private const string Versions = "require 'sidekiq'; require 'redis'; print Sidekiq::VERSION, ', Ruby ', RUBY_VERSION";

    private ProgramCall _ruby = new("ruby", []);
    private string _script = "";

    public override string Name => SystemName;

    public override IReadOnlyList<string> Configuration { get; } =
    [
        "1 process with concurrency 10, its default",
        "one by one is perform_async from 16 threads (more only wait for Ruby's lock), bulk is push_bulk of 1,000, as its guide advises",
        "it keeps no results; log level WARN",
    ];

    public override int? Page => 1000;

    public override bool TellsDone => false;

    public override async Task Prepare(BenchCache cache, CancellationToken cancellationToken)
    {
        if (!await Works(cache.Program("ruby"), [], cache, cancellationToken))
        {
            var root = await DebianPackages.Unpack(cache, Name, ["ruby-sidekiq"], cancellationToken);
            var libraries = Directory.GetDirectories(Path.Combine(root, "usr", "lib"), "*-linux-*").Single();
            var version = Path.GetFileName(Directory.GetDirectories(Path.Combine(root, "usr", "lib", "ruby")).Single(f => char.IsAsciiDigit(Path.GetFileName(f)[0])));
            string[] loads = [$"{root}/usr/lib/ruby/vendor_ruby", $"{libraries}/ruby/vendor_ruby/{version}", $"{root}/usr/lib/ruby/{version}", $"{libraries}/ruby/{version}"];
            (string, string)[] environment =
            [
                ("LD_LIBRARY_PATH", libraries),
                ("RUBYLIB", string.Join(':', loads)),
                ("GEM_PATH", $"{root}/usr/share/rubygems-integration/all:{root}/usr/share/rubygems-integration/{version}"),
            ];
            if (!await Works(Path.Combine(root, "usr", "bin", "ruby"), environment, cache, cancellationToken))
                throw new CannotBeHadException("the distribution's does not run from the bench's folder: install it ('apt-get install ruby-sidekiq', or 'gem install sidekiq').");
        }

        _script = await BenchCache.Place(Script, cache.Folder(Name), cancellationToken);
    }

    /// <summary>Its queue is a list; what is no longer in it has been taken by one of ten threads.</summary>
    public override async Task<long> CountDone(BenchRedis redis, long submitted, CancellationToken cancellationToken) =>
        submitted - await redis.Count(cancellationToken, "LLEN", "queue:default");

    protected override ProgramCall Client(BenchStage stage) => _ruby with { Arguments = [_script, "client"] };

    protected override ProgramCall Worker(BenchStage stage) => _ruby with { Arguments = [_script, "worker"] };

    private async Task<bool> Works(string? program, (string, string)[] environment, BenchCache cache, CancellationToken cancellationToken)
    {
        if (program is null)
            return false;
        _ruby = new ProgramCall(program, [], environment);
        var (code, version) = await BenchCache.Run(cache.Folder(Name), program, ["-e", Versions], cancellationToken, environment);
        Version = version;
        return code == 0;
    }
}
