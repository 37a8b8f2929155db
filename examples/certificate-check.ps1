<#
.SYNOPSIS
    Declares, at deployment, a check of certificates each morning. One that will soon expire is a job that failed.
.EXAMPLE
    ./examples/certificate-check.ps1 -Path /etc/ssl/site.pem, /etc/ssl/mail.pem -Days 30
    Declares the checks, and takes out those of certificates that are no longer named.
.EXAMPLE
    ./examples/certificate-check.ps1 -Path /etc/ssl/site.pem -WhatIf
    Shows what a deployment would change.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Files of certificates, on each machine that runs the checks.
    [Parameter(Mandatory)]
    [string[]] $Path,

    # A certificate that expires within so many days is a failure.
    [int] $Days = 30,

    # The parameters of Connect-JobStore.
    [hashtable] $Store = @{ Local = $true }
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Jobs.psd1')
Connect-JobStore @Store

Register-JobType CheckCertificate -Timeout 1m -Force -WhatIf:$false {
    param([string] $Path, [int] $Days)
    $certificate = [System.Security.Cryptography.X509Certificates.X509CertificateLoader]::LoadCertificateFromFile($Path)
    $left = [math]::Floor(($certificate.NotAfter - (Get-Date)).TotalDays)
    if ($left -lt $Days) { throw "$($certificate.Subject) in $Path expires in $left days, on $($certificate.NotAfter.ToString('yyyy-MM-dd'))." }
    "$($certificate.Subject): $left days left"
}

# Declared as a whole, in a file as it could lie among the sources: what is new is added, what has changed is changed, what is gone is removed.
$schedules = [ordered]@{}
foreach ($file in $Path) {
    $full = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($file)
    $schedules["certificate-$full"] = @{ Type = 'CheckCertificate'; Cron = '0 7 * * *'; TimeZone = 'UTC'; Missed = 'RunOnce'; Parameters = @{ Path = $full; Days = $Days } }
}
$declared = Join-Path ([System.IO.Path]::GetTempPath()) "schedules-$([guid]::NewGuid()).json"
try {
    $schedules | ConvertTo-Json -Depth 5 | Set-Content $declared -WhatIf:$false
    Import-JobSchedule $declared -Prune certificate-*
}
finally {
    Remove-Item $declared -WhatIf:$false
}
