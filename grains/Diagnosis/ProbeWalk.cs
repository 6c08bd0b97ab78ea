namespace MorningAI.Diagnosis;

/// <summary>Takes steps one after the other, each within its time, until one fails.</summary>
internal static class ProbeWalk
{
    /// <returns>One finding a step, in order. Those behind the one that failed were not reached.</returns>
    public static async Task<IReadOnlyList<ProbeFinding>> Go(IReadOnlyList<ProbeStep> steps, ProbeSession session, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ProbeFinding>();
        foreach (var step in steps)
        {
            var start = session.Time.GetTimestamp();
            var verdict = await Take(step, session, cancellationToken).ConfigureAwait(false);
            var at = verdict.At ?? step.Name;
            double? took = verdict.Outcome == ProbeFinding.Skipped ? null : Math.Round(session.Time.GetElapsedTime(start).TotalMilliseconds, 3);
            found[at] = new ProbeFinding(at, verdict.Outcome, took, verdict.Code, verdict.What, verdict.Advice);
            if (verdict.IsFailure)
                break;
        }

        var findings = steps.Select(s => found.GetValueOrDefault(s.Name) ?? ProbeFinding.NotReached(s.Name)).ToArray();
        // The fault may be an earlier step's than the one that met it: those between did not get what they stand on.
        var failed = Array.FindIndex(findings, f => f.Outcome == ProbeFinding.Failed);
        return [.. findings.Select((f, i) => failed >= 0 && i > failed ? ProbeFinding.NotReached(f.Step) : f)];
    }

    private static async Task<Verdict> Take(ProbeStep step, ProbeSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await InTime(token => step.Take(session, token), session, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ProbeFaults.IsOne(e))
        {
            return await SecondLook(step, e, session, cancellationToken).ConfigureAwait(false) ?? ProbeFaults.Of(step.Name, e, session);
        }
    }

    /// <summary>A server that speaks TLS where none is asked for, and one that does not where it is, say nothing of it themselves.</summary>
    private static async Task<Verdict?> SecondLook(ProbeStep step, Exception e, ProbeSession session, CancellationToken cancellationToken)
    {
        Func<ProbeSession, CancellationToken, Task<bool>>? look = step.Name switch
        {
            ProbeSteps.Tls => TlsProbe.SpeaksPlain,
            ProbeSteps.Auth or ProbeSteps.Ping when !session.Target.Tls && e is not TimeoutException => TlsProbe.SpeaksTls,
            _ => null,
        };
        try
        {
            if (look is null || !await InTime(token => look(session, token), session, cancellationToken).ConfigureAwait(false))
                return null;
        }
        catch (TimeoutException)
        {
            return null;
        }

        return step.Name == ProbeSteps.Tls ? ProbeFaults.PlainServer(session.Target) : ProbeFaults.TlsServer(session.Target);
    }

    /// <summary>Also where what it waits for heeds no token, as looking up names does on some systems.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static async Task<T> InTime<T>(Func<CancellationToken, Task<T>> step, ProbeSession session, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(session.Limit, session.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await step(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("no answer in time", e);
        }
    }
}
