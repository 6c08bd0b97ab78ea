using MorningAI.Diagnosis;

namespace MorningAI.Tests.Unit.Diagnosis;

/// <summary>What no real Redis does. Real ones in their broken states are in the cluster tests.</summary>
public sealed class RedisProberTests
{
    /// <summary>For servers that answer at once, also on a busy machine.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    /// <summary>For those that never do.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Diagnose_RedissToAServerWithoutTls_NamesIt()
    {
        await using var server = FakeServer.Answering("+PONG\r\n");

        await Fails($"rediss://127.0.0.1:{server.Port}", "tls", "tls_plain_server");
    }

    [Fact]
    public async Task Diagnose_RedisToAServerWithTls_NamesIt()
    {
        await using var server = FakeServer.SpeakingTls("localhost");

        await Fails($"redis://127.0.0.1:{server.Port}", "tls", "tls_needed");
        await Fails($"redis://:secret@127.0.0.1:{server.Port}", "tls", "tls_needed");
    }

    [Fact]
    public async Task Diagnose_CertificateForAnotherName_SaysSo()
    {
        await using var server = FakeServer.SpeakingTls("redis.example");

        await Fails($"rediss://127.0.0.1:{server.Port}", "tls", "tls_wrong_name");
    }

    [Fact]
    public async Task Diagnose_CertificateOfNobody_SaysThatItIsNotTrusted()
    {
        await using var server = FakeServer.SpeakingTls("redis.example");

        await Fails($"127.0.0.1:{server.Port},ssl=true,sslHost=redis.example", "tls", "tls_untrusted");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "ping", "ping_not_redis")]
    [InlineData("$99999999999\r\n", "ping", "ping_not_redis")]
    [InlineData("$x\r\n", "ping", "ping_not_redis")]
    [InlineData("\0\u0001\u0002garbage", "ping", "ping_not_redis")]
    [InlineData("+HELLO\r\n", "ping", "ping_not_redis")]
    [InlineData("-NOAUTH Authentication required.\r\n", "auth", "auth_missing_password")]
    [InlineData("-NOPERM this user has no permissions to run the 'ping' command\r\n", "auth", "auth_no_permission")]
    [InlineData("-DENIED Redis is running in protected mode\r\n", "auth", "auth_protected_mode")]
    [InlineData("-LOADING Redis is loading the dataset in memory\r\n", "ping", "ping_loading")]
    [InlineData("-BUSY Redis is busy running a script.\r\n", "ping", "ping_busy")]
    [InlineData("-ERR max number of clients reached\r\n", "ping", "ping_too_many_clients")]
    [InlineData("-WHAT is this\r\n", "ping", "ping_refused")]
    public async Task Diagnose_AnswerToPing_IsToldApart(string answer, string step, string code)
    {
        await using var server = FakeServer.Answering(answer);

        await Fails($"redis://127.0.0.1:{server.Port}", step, code);
    }

    [Theory]
    [InlineData("-WRONGPASS invalid username-password pair or user is disabled.\r\n", "auth", "auth_wrong_password")]
    [InlineData("-ERR invalid password\r\n", "auth", "auth_wrong_password")]
    public async Task Diagnose_AnswerToAuth_IsToldApart(string answer, string step, string code)
    {
        await using var server = FakeServer.Answering(answer);

        await Fails($"redis://:hunter2@127.0.0.1:{server.Port}", step, code);
    }

    [Theory]
    [InlineData("-OOM command not allowed when used memory > 'maxmemory'.\r\n", "write_out_of_memory")]
    [InlineData("-READONLY You can't write against a read only replica.\r\n", "write_read_only")]
    [InlineData("-MISCONF Redis is configured to save RDB snapshots\r\n", "write_misconfigured")]
    [InlineData("-NOREPLICAS Not enough good replicas to write.\r\n", "write_no_replicas")]
    [InlineData("-NOPERM this user has no permissions to access one of the keys\r\n", "write_no_permission")]
    [InlineData("+OK\r\n", "write_not_kept")]
    public async Task Diagnose_AnswerToAWrite_IsToldApart(string answer, string code)
    {
        await using var server = FakeServer.Answering("+PONG\r\n", "$11\r\nrole:master\r\n", answer);

        await Fails($"redis://127.0.0.1:{server.Port}", "write", code);
    }

    [Theory]
    [InlineData("redis_mode:sentinel", "role_sentinel")]
    [InlineData("role:slave\r\nmaster_host:10.0.0.1\r\nmaster_port:6379", "role_replica")]
    public async Task Diagnose_Role_IsToldApart(string info, string code)
    {
        await using var server = FakeServer.Answering("+PONG\r\n", $"${info.Length}\r\n{info}\r\n");

        await Fails($"redis://127.0.0.1:{server.Port}", "role", code);
    }

    [Fact]
    public async Task Diagnose_EndlessAnswer_IsGivenUp()
    {
        var flood = new byte[64 * 1024];
        flood.AsSpan().Fill((byte)'+');
        await using var server = FakeServer.Serving(async (stream, token) =>
        {
            while (true)
                await stream.WriteAsync(flood, token);
        });

        await Fails($"redis://127.0.0.1:{server.Port}", "ping", "ping_not_redis");
    }

    [Fact]
    public async Task Diagnose_ConnectionClosedAtOnce_SaysSo()
    {
        await using var server = FakeServer.Serving((_, _) => Task.CompletedTask);

        await Fails($"redis://127.0.0.1:{server.Port}", "ping", "ping_closed");
        await Fails($"redis://:hunter2@127.0.0.1:{server.Port}", "ping", "ping_closed");
    }

    [Fact]
    public async Task Diagnose_ServerThatSaysNothing_FailsAtPingWithAndWithoutPassword()
    {
        await using var server = FakeServer.Serving(static async (stream, token) =>
        {
            while (await stream.ReadAsync(new byte[100], token) > 0)
            {
                // It listens.
            }
        });

        await Fails($"redis://127.0.0.1:{server.Port}", "ping", "ping_timeout", Short);
        await Fails($"redis://:hunter2@127.0.0.1:{server.Port}", "ping", "ping_timeout", Short);
        await Fails($"rediss://127.0.0.1:{server.Port}", "tls", "tls_timeout", Short);
    }

    [Fact]
    public async Task Ping_Answers_HasBestAndMedian()
    {
        await using var server = FakeServer.Answering("+PONG\r\n");

        var ping = await Prober($"redis://127.0.0.1:{server.Port}", Long).Ping(TestContext.Current.CancellationToken);

        Assert.True(ping is { Ok: true, Count: 5, Failure: null });
        Assert.True(ping.BestMs <= ping.MedianMs);
    }

    [Fact]
    public async Task Inspect_OnlyInfoMayBeAsked_HasWhatItSays()
    {
        const string info = "redis_version:7.2.0\r\nrole:master";
        await using var server = FakeServer.Answering("+PONG\r\n", $"${info.Length}\r\n{info}\r\n", "-NOPERM no\r\n");

        var said = await Prober($"redis://127.0.0.1:{server.Port}", Long).Inspect(TestContext.Current.CancellationToken);

        Assert.True(said is { Ok: true, Server: { Version: "7.2.0", SlowLog: null, Replication.Role: "primary" }, Warnings: [] });
    }

    private static async Task Fails(string url, string step, string code, TimeSpan? limit = null)
    {
        var diagnosis = await Prober(url, limit ?? Long).Diagnose(TestContext.Current.CancellationToken).InTime();

        var failure = Assert.Single(diagnosis.Steps, s => s.Outcome == ProbeFinding.Failed);
        Assert.Equal((step, code, step), (failure.Step, failure.Code, diagnosis.FirstFailure));
        Assert.False(string.IsNullOrEmpty(failure.Advice));
        Assert.All(diagnosis.Steps.SkipWhile(s => s != failure).Skip(1), s => Assert.Equal("not reached", s.What));
        Assert.DoesNotContain("hunter2", diagnosis.ToString() + string.Concat(diagnosis.Steps), StringComparison.Ordinal);
    }

    private static RedisProber Prober(string url, TimeSpan limit) => new(RedisTarget.Of(url), "s1", TimeProvider.System, limit);
}
