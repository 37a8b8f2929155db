<#
.SYNOPSIS
    A deployment that waits until somebody approves it: for minutes or for days, whatever is restarted meanwhile.
.EXAMPLE
    $job = ./examples/approval.ps1 -Request 2.4.0
    ./examples/approval.ps1 -Approve $job.Id -By Ada
#>
[CmdletBinding(DefaultParameterSetName = 'Request')]
param(
    # Asks for the deployment of this version.
    [Parameter(Mandatory, ParameterSetName = 'Request')]
    [version] $Request,

    # Approves a deployment that was asked for.
    [Parameter(Mandatory, ParameterSetName = 'Approve')]
    [string] $Approve,

    # Declines it.
    [Parameter(Mandatory, ParameterSetName = 'Decline')]
    [string] $Decline,

    # Who decides.
    [string] $By = [Environment]::UserName,

    # The parameters of Connect-JobStore.
    [hashtable] $Store = @{ Local = $true }
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Jobs.psd1')
Connect-JobStore @Store

Register-JobType Deploy -Force {
    param([version] $Version)
    # The deployment stands here.
    "Deployed $Version."
}
Register-JobType Announce -Force {
    param([string] $Text)
    # A message to the team stands here.
    $Text
}

switch ($PSCmdlet.ParameterSetName) {
    Request {
        # Held: Saved, and no pool takes it. Asking twice gives the same job.
        $deploy = New-ScheduledJob Deploy -Parameters @{ Version = $Request } -UniqueKey "deploy-$Request" -Hold
        if (-not $deploy.IsExisting) {
            # Runs when the deployment has succeeded, and is cancelled with it otherwise.
            $null = New-ScheduledJob Announce "Version $Request is out." -After $deploy
            $null = New-ScheduledJob Announce "Version $Request waits for an approval: approval.ps1 -Approve $($deploy.Id)"
        }
        $deploy
    }
    Approve {
        Resume-ScheduledJob $Approve -PassThru
        $null = New-ScheduledJob Announce "$By has approved $Approve."
    }
    Decline {
        Stop-ScheduledJob $Decline -PassThru
        $null = New-ScheduledJob Announce "$By has declined $Decline."
    }
}
