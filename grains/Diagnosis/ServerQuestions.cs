namespace MorningAI.Diagnosis;

/// <summary>What a server is asked about itself. Only INFO must be answered; not every user may ask the rest, and not every server knows it.</summary>
internal static class ServerQuestions
{
    private const string SlowEntries = "10";

    public static async Task<Verdict> Ask(ProbeSession session, CancellationToken cancellationToken)
    {
        var redis = session.Redis;
        var info = await redis.Call(cancellationToken, "INFO").ConfigureAwait(false);
        if (info.IsError)
            return ErrorReplies.Explain(info, "info", "ask INFO");
        session.Info = InfoText.Parse(info.Text);
        if (await redis.Call(cancellationToken, "CONFIG", "GET", "save").ConfigureAwait(false) is { Kind: RespKind.Array, Items: [_, var save] })
            session.SaveSchedule = save.Text;
        session.SlowLog = SlowCommand.Read(await redis.Call(cancellationToken, "SLOWLOG", "GET", SlowEntries).ConfigureAwait(false));
        return Verdict.Ok("answered");
    }
}
