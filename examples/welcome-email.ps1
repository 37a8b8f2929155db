<#
.SYNOPSIS
    The shortest whole program: a web application's welcome e-mails, sent in the background.
.EXAMPLE
    ./examples/welcome-email.ps1
    Uses this machine's private store.
.EXAMPLE
    ./examples/welcome-email.ps1 -Store @{ Configuration = 'redis.example.org:6379' }
#>
[CmdletBinding()]
param(
    # The parameters of Connect-JobStore.
    [hashtable] $Store = @{ Local = $true }
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Jobs.psd1')
Connect-JobStore @Store

# A job type: a name, how often a failed attempt is repeated, and what to do. An error is kept on the job, and leads to
# up to 3 retries.
Register-JobType welcomeEmail -Retries 3 -Force {
    param($User)
    # Sending stands here; it throws when the mail server does not answer.
    "To $($User.EmailAddress): Hello, $($User.Name)! Thanks for signing up for foo.com."
}

# A job: higher priorities run first, and no time means now.
$user = [pscustomobject]@{ Name = 'Foo'; EmailAddress = 'foo@example.com' }
$job = New-ScheduledJob welcomeEmail $user -Priority 100

# A pool: on this machine or on any other that registers the type.
$pool = Start-JobPool -Workers 10 -BatchSize 10
try {
    # The job can be asked how it stands, cancelled, or, as here, waited for.
    $job | Wait-ScheduledJob -Timeout 00:01:00
    $job | Receive-ScheduledJob
}
finally {
    # No new jobs are begun; those that are running end.
    Stop-JobPool $pool -NoWait
    Wait-JobPool $pool
}
