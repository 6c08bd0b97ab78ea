namespace MorningAI.Sample;

/// <summary>What the sample was asked to do.</summary>
internal sealed record Arguments(string? Gateway, string? Redis, TimeSpan Timeout)
{
    public const string Usage = "usage: sample (--gateway host:port | --redis url) [--timeout seconds]";

    public static Arguments? TryParse(string[] args)
    {
        var parsed = new Arguments(null, null, TimeSpan.FromSeconds(60));
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--gateway":
                    parsed = parsed with { Gateway = args[i + 1] };
                    break;
                case "--redis":
                    parsed = parsed with { Redis = args[i + 1] };
                    break;
                case "--timeout" when double.TryParse(args[i + 1], out var seconds) && seconds > 0:
                    parsed = parsed with { Timeout = TimeSpan.FromSeconds(seconds) };
                    break;
                default:
                    return null;
            }
        }

        return args.Length % 2 == 0 && parsed.Gateway is null != parsed.Redis is null ? parsed : null;
    }
}
