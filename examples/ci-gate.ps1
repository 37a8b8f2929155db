<#
.SYNOPSIS
    A gate of a build: runs checks side by side, shows the log of those that failed, and exits with 1 if there is one.
.EXAMPLE
    pwsh -NoProfile -File ./examples/ci-gate.ps1 -Check ./checks/lint.ps1, ./checks/unit.ps1 -Timeout 20m
#>
[CmdletBinding()]
param(
    # Scripts; each is a check. It fails by an error, or by an exit code other than 0.
    [Parameter(Mandatory)]
    [string[]] $Check,

    # The longest a check may take.
    [string] $Timeout = '20m',

    # The parameters of Connect-JobStore.
    [hashtable] $Store = @{ Local = $true; Namespace = "ci-$([guid]::NewGuid())" }
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Jobs.psd1')
Connect-JobStore @Store

# Called from outside, a list comes as one text.
$scripts = $Check -split ',' | ForEach-Object { $PSCmdlet.GetUnresolvedProviderPathFromPSPath($_) }
Register-JobType Check -Timeout $Timeout -Force {
    param([string] $Path)
    & $Path
    if ($LASTEXITCODE) { exit $LASTEXITCODE }
}

$jobs = $scripts | New-ScheduledJob Check
$null = Start-JobPool -Workers ([math]::Min($scripts.Count, [Environment]::ProcessorCount))
$ended = $jobs | Wait-ScheduledJob -ErrorOnFailure -ErrorAction SilentlyContinue -ErrorVariable failures

foreach ($job in $ended) {
    '{0,-9} {1,8:n1} s  {2}' -f $job.Status, $job.Duration.TotalSeconds, $job.Data
    if ($job.Status -ne 'Finished') {
        $job | Receive-ScheduledJob -Log -ErrorAction SilentlyContinue *>&1 | ForEach-Object { "    $_" }
        "    $($job.Error.Message)"
    }
}
exit [int]($failures.Count -gt 0)
