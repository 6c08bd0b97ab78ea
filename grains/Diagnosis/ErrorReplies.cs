namespace MorningAI.Diagnosis;

/// <summary>What Redis' own refusals mean and how to mend them. Redis tells them apart by their first word.</summary>
internal static class ErrorReplies
{
    /// <param name="at">The step that met it, where the refusal does not belong to another by its nature.</param>
    /// <param name="mayDo">What the user was not allowed, as the end of a sentence.</param>
    public static Verdict Explain(RespReply reply, string at, string mayDo) => reply.ErrorCode switch
    {
        "WRONGPASS" => Verdict.Failed("auth_wrong_password", "Redis knows no such user with this password, or the user is off.", "Compare user and password in REDIS_URL with Redis' (requirepass, or ACL LIST). Special characters in the URL's password are percent-encoded.") with { At = ProbeSteps.Auth },
        "NOAUTH" => Verdict.Failed("auth_missing_password", "Redis asks for a password and got none.", "Put it into REDIS_URL: redis://:password@host:6379, or redis://user:password@host:6379.") with { At = ProbeSteps.Auth },
        "NOPERM" => Verdict.Failed($"{at}_no_permission", $"The user may not {mayDo}: {Words(reply)}", "Give the user the permission (ACL SETUSER name ~* &* +@all), or name another user in REDIS_URL."),
        "DENIED" => Verdict.Failed("auth_protected_mode", "Redis is in protected mode: it takes calls from its own machine only, because it has no password.", "Set a password (requirepass) and put it into REDIS_URL; turning protected mode off lets everybody in.") with { At = ProbeSteps.Auth },
        "LOADING" => Verdict.Failed($"{at}_loading", "Redis reads its data after a start, and answers nothing else yet.", "Wait: it answers when it has. INFO persistence shows loading_eta_seconds."),
        "BUSY" => Verdict.Failed($"{at}_busy", "Redis is busy with a script and answers nothing else.", "SCRIPT KILL ends a script that has not written yet. Find who runs it: morningai redis info shows the slow log afterwards."),
        "READONLY" => Verdict.Failed($"{at}_read_only", "READONLY: this Redis is a replica and takes no writes.", "Name the primary in REDIS_URL, or promote this one with REPLICAOF NO ONE."),
        "OOM" => Verdict.Failed($"{at}_out_of_memory", "OOM: its memory limit is reached and it takes no writes.", "Raise maxmemory (CONFIG SET maxmemory), or remove what does not belong there. morningai redis info shows the use. Work goes on from the journals meanwhile."),
        "MISCONF" => Verdict.Failed($"{at}_misconfigured", "MISCONF: it cannot save its data to disk and therefore takes no writes.", "Look at the free space and the permissions of its directory, and at its log; morningai redis info shows which file failed."),
        "NOREPLICAS" => Verdict.Failed($"{at}_no_replicas", "NOREPLICAS: fewer replicas are in step than min-replicas-to-write asks for.", "Bring the replicas back (INFO replication), or lower min-replicas-to-write."),
        "MASTERDOWN" => Verdict.Failed($"{at}_primary_down", "MASTERDOWN: this is a replica that has lost its primary.", "Name the primary in REDIS_URL, or bring it back."),
        "CLUSTERDOWN" => Verdict.Failed($"{at}_cluster_down", "CLUSTERDOWN: a part of the Redis Cluster is missing.", "CLUSTER INFO and CLUSTER NODES show which; bring its nodes back."),
        _ when reply.Text.Contains("max number of clients", StringComparison.Ordinal) => Verdict.Failed($"{at}_too_many_clients", "Redis has as many clients as it takes, and refused this one.", "Raise maxclients, or find who opens so many connections: CLIENT LIST."),
        _ when reply.Text.Contains("DB index", StringComparison.Ordinal) => Verdict.Failed($"{at}_no_database", "Redis has no database of that number.", "Use a lower number at the end of REDIS_URL, or raise 'databases' in redis.conf."),
        _ => Verdict.Failed($"{at}_refused", $"Redis refused to {mayDo}: {Words(reply)}", "The words are Redis' own; its log may say more."),
    };

    /// <summary>No step sends a secret but AUTH, whose errors do not repeat it; those of ours that are not known are cut all the same.</summary>
    private static string Words(RespReply reply) => OneLine.Of(reply.Text);
}
