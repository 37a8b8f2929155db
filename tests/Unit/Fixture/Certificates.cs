using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Jobs.Tests;

/// <summary>An authority of a test's own, whose certificates lie as PEM files in a folder.</summary>
public sealed class Certificates : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _authority;

    public Certificates()
    {
        var request = new CertificateRequest("CN=Jobs test authority", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        File.WriteAllText(KeyFile, _key.ExportPkcs8PrivateKeyPem());
    }

    public string AuthorityFile => Path.Combine(_folder.Path, "authority.pem");

    /// <summary>All have the same key: only what the certificates say differs.</summary>
    public string KeyFile => Path.Combine(_folder.Path, "key.pem");

    /// <summary>Issues a server's certificate, and tells its file.</summary>
    public string Issue(string host, int validUntilDays)
    {
        var request = new CertificateRequest($"CN={host}", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(validUntilDays), RandomNumberGenerator.GetBytes(8));
        var file = Path.Combine(_folder.Path, $"{host}{validUntilDays}.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }
}
