using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Jobs.Core.Redis;

/// <summary>Finds out, after a connection did not come about, whether that was for TLS: by looking at what the server speaks.</summary>
internal static class TlsDiagnosis
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The error that tells; null when TLS is not the trouble, or the server can't be reached at all.</summary>
    public static async Task<JobsException?> FindAsync(ConfigurationOptions configuration, Exception failure)
    {
        if (configuration.Tunnel is not null || configuration.EndPoints[0] is not (DnsEndPoint or IPEndPoint)) return null;
        using var patience = new CancellationTokenSource(Patience);
        var endpoint = configuration.EndPoints[0];
        try
        {
            if (configuration.Ssl && await SpeaksPlainlyAsync(endpoint, patience.Token).ConfigureAwait(false))
                return Error(endpoint, JobsError.StoreTlsNotOffered, "speaks no TLS on this port. Use its TLS port, or redis:// (without ssl=true) if the network is trusted.");
            var server = await ShakeHandsAsync(endpoint, configuration, patience.Token).ConfigureAwait(false);
            if (!configuration.Ssl)
                return Error(endpoint, JobsError.StoreTlsRequired, "speaks TLS on this port. Use rediss:// (or ssl=true).");
            // A certificate that was taken may be one that this look, which knows the machine's authorities only, would not take.
            return (IsRefusedCertificate(failure) ? BadCertificate(endpoint, server) : null)
                ?? (server.IsAskingForCertificate && server.IsClosed
                    ? Error(endpoint, JobsError.StoreClientCertificateRequired, "wants a certificate of the client, and got none that it takes.")
                    : null);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            // It answers neither way.
            return null;
        }
    }

    private static async Task<bool> SpeaksPlainlyAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        using var stream = await OpenAsync(endpoint, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        var first = new byte[1];
        try
        {
            return await stream.ReadAsync(first, cancellationToken).ConfigureAwait(false) == 1 && first[0] is (byte)'+' or (byte)'-';
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Takes any certificate, to see what comes next. Nothing that matters is sent.</summary>
    private static async Task<Server> ShakeHandsAsync(EndPoint endpoint, ConfigurationOptions configuration, CancellationToken cancellationToken)
    {
        var server = new Server();
        using var stream = await OpenAsync(endpoint, cancellationToken).ConfigureAwait(false);
        using var tls = new SslStream(stream, leaveInnerStreamOpen: false, server.See, server.Choose);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = configuration.SslHost ?? HostOf(endpoint), EnabledSslProtocols = configuration.SslProtocols ?? SslProtocols.None },
                cancellationToken).ConfigureAwait(false);
            await tls.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            server.IsClosed = await tls.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) == 0;
        }
        catch (Exception e) when (e is IOException or AuthenticationException && server.Certificate is not null)
        {
            server.IsClosed = true;
        }
        return server;
    }

    private static async Task<NetworkStream> OpenAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>All that is wrong with the certificate; the error is named after the first.</summary>
    private static JobsException? BadCertificate(EndPoint endpoint, Server server)
    {
        if (server.Certificate is not { } certificate) return null;
        var wrong = new List<(JobsError Error, string Words)>();
        if (server.Chain.HasFlag(X509ChainStatusFlags.NotTimeValid))
            wrong.Add((JobsError.StoreCertificateExpired, $"is valid from {certificate.NotBefore:yyyy-MM-dd HH:mm} to {certificate.NotAfter:yyyy-MM-dd HH:mm} only"));
        if (server.Errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            wrong.Add((JobsError.StoreCertificateNameMismatch, $"is not for the host '{HostOf(endpoint)}' (connect with a name that it has, or say it: sslHost=name)"));
        var chain = server.Chain & ~X509ChainStatusFlags.NotTimeValid;
        if (chain != X509ChainStatusFlags.NoError)
            wrong.Add((JobsError.StoreCertificateNotTrusted, $"is not trusted ({chain}): add the authority that issued it, '{certificate.Issuer}', to those that this machine trusts"));
        return wrong.Count == 0 ? null
            : Error(endpoint, wrong[0].Error, $"has a certificate, '{certificate.Subject}', that can't be accepted: it {string.Join("; it ", wrong.Select(one => one.Words))}.");
    }

    private static JobsException Error(EndPoint endpoint, JobsError error, string words)
    {
        var target = StoreAddress.Describe(endpoint);
        return new JobsException(error, $"The job store at {target} {words}") { Target = target };
    }

    private static bool IsRefusedCertificate(Exception? failure) =>
        failure is AuthenticationException
        || (failure is AggregateException many && many.InnerExceptions.Any(IsRefusedCertificate))
        || (failure?.InnerException is { } inner && IsRefusedCertificate(inner));

    private static string HostOf(EndPoint endpoint) => endpoint is DnsEndPoint dns ? dns.Host : ((IPEndPoint)endpoint).Address.ToString();

    /// <summary>What a handshake shows of a server.</summary>
    private sealed class Server
    {
        public X509Certificate2? Certificate { get; private set; }

        public SslPolicyErrors Errors { get; private set; }

        public X509ChainStatusFlags Chain { get; private set; }

        public bool IsAskingForCertificate { get; private set; }

        public bool IsClosed { get; set; }

        public bool See(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            Certificate = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
            Errors = errors;
            Chain = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? X509ChainStatusFlags.NoError;
            return true;
        }

        public X509Certificate Choose(object sender, string host, X509CertificateCollection own, X509Certificate? remote, string[] issuers)
        {
            if (remote is not null || issuers.Length > 0) IsAskingForCertificate = true;
            return null!;
        }
    }
}
