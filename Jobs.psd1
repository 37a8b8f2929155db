@{
    RootModule           = 'bin/Jobs.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = 'ecb60313-0709-471a-ab2c-948e09a4fba8'
    Author               = 'Jobs contributors'
    CompanyName          = 'Jobs contributors'
    Copyright            = '(c) Jobs contributors. MIT licence.'
    Description          = 'Persistent background jobs on Redis: register script blocks as job types, schedule jobs of them (now, later, repeated), and run them in worker pools on any number of machines. At least once, never lost, every outcome kept.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    ScriptsToProcess     = @('tools/assert-built.ps1')
    FormatsToProcess     = @('Jobs.Format.ps1xml')
    TypesToProcess       = @('Jobs.Types.ps1xml')
    CmdletsToExport      = @(
        'Clear-JobHistory'
        'Connect-JobStore'
        'Disconnect-JobStore'
        'Export-JobSchedule'
        'Get-JobPool'
        'Get-JobSchedule'
        'Get-JobStatus'
        'Get-JobStore'
        'Get-JobType'
        'Import-JobSchedule'
        'Invoke-JobType'
        'New-ScheduledJob'
        'Receive-ScheduledJob'
        'Register-JobType'
        'Remove-ScheduledJob'
        'Restart-ScheduledJob'
        'Resume-JobType'
        'Resume-ScheduledJob'
        'Start-JobPool'
        'Stop-JobPool'
        'Stop-ScheduledJob'
        'Suspend-JobType'
        'Suspend-ScheduledJob'
        'Unregister-JobType'
        'Update-ScheduledJob'
        'Wait-JobPool'
        'Wait-ScheduledJob'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags = @('Jobs', 'Background', 'Queue', 'Scheduler', 'Cron', 'Redis', 'Valkey', 'Worker', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
        }
    }
}
