using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MorningAI.Diagnosis;

/// <summary>The TLS step, and second looks at a server that was spoken to in the wrong way.</summary>
internal static class TlsProbe
{
    public static async Task<Verdict> Secure(ProbeSession session, CancellationToken cancellationToken)
    {
        if (!session.Target.Tls)
            return Verdict.Skipped("the URL asks for none (rediss:// would)");
        Verdict? certificate = null;
        var tls = session.Keep(new SslStream(session.Stream!, leaveInnerStreamOpen: false, (_, _, chain, errors) =>
        {
            certificate = Judge(errors, chain, session.Target);
            return certificate is null;
        }));
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = session.Target.TlsHost }, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException) when (certificate is not null)
        {
            return certificate;
        }

        session.Stream = tls;
        return Verdict.Ok($"{tls.SslProtocol}, and the certificate is right for {session.Target.TlsHost}");
    }

    /// <summary>On a connection of its own: whether PING without TLS gets a Redis' answer.</summary>
    public static async Task<bool> SpeaksPlain(ProbeSession session, CancellationToken cancellationToken)
    {
        try
        {
            var redis = new RespConnection(await session.Connect(cancellationToken).ConfigureAwait(false));
            await redis.Call(cancellationToken, "PING").ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is RespFormatException or IOException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>On a connection of its own: whether a TLS handshake gets as far as a certificate, whoever it names.</summary>
    public static async Task<bool> SpeaksTls(ProbeSession session, CancellationToken cancellationToken)
    {
        var answered = false;
        try
        {
            var stream = await session.Connect(cancellationToken).ConfigureAwait(false);
            // Nothing is sent over it: it only shows that the other side speaks TLS, so it is not trusted either.
            var tls = session.Keep(new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) =>
            {
                answered = true;
                return false;
            }));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = session.Target.TlsHost }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException or OperationCanceledException)
        {
            // It told what was asked, or it does not speak TLS.
        }

        return answered;
    }

    private static Verdict? Judge(SslPolicyErrors errors, X509Chain? chain, RedisTarget target)
    {
        if (errors == SslPolicyErrors.None)
            return null;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return Verdict.Failed("tls_no_certificate", "The server showed no certificate.", "Give the server one (tls-cert-file and tls-key-file in redis.conf).");
        var status = chain?.ChainStatus.Select(s => s.Status).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return Verdict.Failed("tls_expired", "The server's certificate has expired, or is not valid yet.", "Renew it, and compare the clocks of both machines.");
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? Verdict.Failed("tls_wrong_name", $"The server's certificate is not for {target.TlsHost}.", "Use in REDIS_URL the name that the certificate has, or name it with sslHost= in a StackExchange.Redis string.")
            : Verdict.Failed("tls_untrusted", $"The server's certificate is signed by nobody whom this machine trusts ({status}).", "Add the authority that signed it to this machine's (in a container: to the image's) trusted ones.");
    }
}
