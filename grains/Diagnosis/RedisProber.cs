namespace MorningAI.Diagnosis;

/// <summary>
/// Looks at a Redis from outside, over connections of its own: raw sockets and the protocol itself, so that it is known which
/// step fails. Nothing waits longer than <paramref name="limit"/> a step.
/// </summary>
/// <param name="askedFrom">The silo's name, or <see cref="RedisDiagnosis.Here"/>.</param>
/// <param name="limit">Of one step. Default: 2 s: TCP's first repeat of a lost packet comes after 1 s.</param>
public sealed class RedisProber(RedisTarget target, string askedFrom, TimeProvider time, TimeSpan? limit = null)
{
    private const int Pings = 5;

    private readonly TimeSpan _limit = limit ?? TimeSpan.FromSeconds(2);

    /// <summary>Goes every step and names the first that fails.</summary>
    public async Task<RedisDiagnosis> Diagnose(CancellationToken cancellationToken)
    {
        using var session = Begin();
        return RedisDiagnosis.Of(askedFrom, target, await ProbeWalk.Go(ProbeSteps.All, session, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Goes until PING, and repeats that a few times.</summary>
    public async Task<RedisPing> Ping(CancellationToken cancellationToken)
    {
        using var session = Begin();
        var steps = await ProbeWalk.Go(ProbeSteps.ToPing, session, cancellationToken).ConfigureAwait(false);
        var failure = steps.FirstOrDefault(s => s.Outcome == ProbeFinding.Failed);
        var times = new List<double>(Pings);
        while (failure is null && times.Count < Pings)
        {
            var again = (await ProbeWalk.Go([ProbeSteps.ToPing[^1]], session, cancellationToken).ConfigureAwait(false))[0];
            if (again.Outcome == ProbeFinding.Ok)
                times.Add(again.Ms!.Value);
            else
                failure = again;
        }

        times.Sort();
        return new RedisPing(askedFrom, target.ToString(), failure is null, times.Count, times.Count > 0 ? times[0] : null, times.Count > 0 ? times[times.Count / 2] : null, failure);
    }

    /// <summary>Goes until PING, and asks what the server says of itself.</summary>
    public async Task<RedisInfo> Inspect(CancellationToken cancellationToken)
    {
        using var session = Begin();
        var steps = await ProbeWalk.Go([.. ProbeSteps.ToPing, new ProbeStep("info", ServerQuestions.Ask)], session, cancellationToken).ConfigureAwait(false);
        if (steps.FirstOrDefault(s => s.Outcome == ProbeFinding.Failed) is { } failure)
            return new RedisInfo(askedFrom, target.ToString(), false, failure, null, []);
        var server = ServerFacts.Of(session.Info, session.SaveSchedule, session.SlowLog);
        return new RedisInfo(askedFrom, target.ToString(), true, null, server, ServerWarnings.Of(server, time.GetUtcNow()));
    }

    private ProbeSession Begin() => new(target, _limit, time);
}
