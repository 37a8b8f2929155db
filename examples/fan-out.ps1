<#
.SYNOPSIS
    Does something for each row of a table, side by side and on any number of machines, and then something with all results.
.EXAMPLE
    ./examples/fan-out.ps1 -Csv servers.csv
    The table has the columns Server and Port; an empty Port is 443. A Priority, a Queue or a UniqueKey would count, too.
#>
[CmdletBinding()]
param(
    # A table with the columns Server and Port.
    [Parameter(Mandatory)]
    [string] $Csv,

    # The parameters of Connect-JobStore.
    [hashtable] $Store = @{ Local = $true }
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Jobs.psd1')
Connect-JobStore @Store

# Columns that are named as its parameters are these.
Register-JobType Probe -Timeout 30s -Force {
    param([Parameter(Mandatory)] [string] $Server, [int] $Port = 443)
    # The probe stands here, such as Test-Connection $Server -TcpPort $Port.
    [pscustomobject]@{ Server = $Server; Port = $Port; Answers = $Server -notlike '*down*' }
}
Register-JobType ProbeReport -Force {
    $silent = @($JobContext.Parents.Output | Where-Object -Not Answers)
    "$($JobContext.Parents.Count) probed, $($silent.Count) silent"
    $silent | ForEach-Object { "silent: $($_.Server):$($_.Port)" }
}

# A row that is wrong is an error that names it; the others are scheduled.
$probes = Import-Csv $Csv | New-ScheduledJob Probe -ErrorAction Continue
$report = New-ScheduledJob ProbeReport -After $probes
$null = Start-JobPool -UntilEmpty -IncludeRetries
$report | Receive-ScheduledJob
